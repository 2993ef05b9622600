"""What is true: pure rules, standard library only, no I/O; nothing in here asks the time."""
