"""What people do about the apps that they have connected."""
