"""What `make bench` runs: our server and the floors beneath it, measured in turns, beside each other."""
