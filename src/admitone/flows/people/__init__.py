"""What happens to people: signing up, proving who they are, addresses, profiles, and the mail about it."""
