"""How a process of the server is: whether it can be asked, and when it is asked too much."""
