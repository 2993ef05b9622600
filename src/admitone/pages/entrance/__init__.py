"""How people get in: the second step, passkeys, and proving once more who one is."""
