"""A collection from nothing: planned, drawn, invited, answered, watched, and revised."""
