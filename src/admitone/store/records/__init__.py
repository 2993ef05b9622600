"""What is remembered of imports, archives to take away, and accounts that are leaving."""
