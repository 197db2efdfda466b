"""Files that are put into frames."""
