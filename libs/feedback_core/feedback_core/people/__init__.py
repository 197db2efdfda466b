"""People: staff, teams and roles; how they do against standards; the culture; what motivates, and what followed."""
