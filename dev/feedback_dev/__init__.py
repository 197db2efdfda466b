"""What runs the service on one machine: embedded servers, supervisor, demo."""
