"""What people bring with them and take away: imports, archives, and the deletion of accounts."""
