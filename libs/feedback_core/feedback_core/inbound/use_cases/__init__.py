"""What can be done with sources and their deliveries."""
