"""What the worker does of a batch."""
