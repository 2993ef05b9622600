"""What is remembered of people beside their account: what proves them, addresses, waiting mail, links, invitations."""
