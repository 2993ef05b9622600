"""What is true of people: their mail and how it is sent, their invitations and profiles."""
