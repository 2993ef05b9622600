"""Pages for people who are not in yet: signing up, confirming an e-mail address, choosing a new password."""
