"""What customers talk about: comments coded into themes, and how far coders agree."""
