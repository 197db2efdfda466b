"""Whether answers were given with care: signs of it, the rule that decides on them, and the analysis of both."""
