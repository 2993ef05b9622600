"""What is true of the web: hosts, networks, and where a browser goes next."""
