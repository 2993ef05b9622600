"""What is remembered of people beside their account: addresses, mail that waits, links that were sent, invitations."""
