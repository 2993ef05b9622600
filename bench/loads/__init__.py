"""What asks: each load is a process of its own, on sockets and epoll, that knows nothing of ours but what to send."""
