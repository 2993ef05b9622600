"""What people kept elsewhere and bring with them, and what they take away: files as other services write them."""
