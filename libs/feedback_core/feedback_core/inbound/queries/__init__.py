"""SQL of sources and of the inbox."""
