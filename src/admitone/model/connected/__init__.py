"""What is true of the apps that people have connected, and of what those apps did."""
