"""What happens to people: signing up, addresses, passwords, profiles, and the mail about it."""
