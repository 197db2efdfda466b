"""SQL of fieldwork."""
