"""The analysis of themes: how many speak of what, whether that changes, and what goes with it."""
