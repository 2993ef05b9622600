"""The peers: what somebody would use instead of ours, each written as its own documentation writes it."""
