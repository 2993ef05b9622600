"""What is true of people: how they prove who they are, their mail and how it is sent, invitations and profiles."""
