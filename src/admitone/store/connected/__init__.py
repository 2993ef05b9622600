"""What is remembered of the apps that people have connected."""
