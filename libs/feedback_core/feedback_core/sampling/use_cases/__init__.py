"""What can be done with frames and samples."""
