"""The worker's part of the inbox."""
