"""SQL of KPIs: what a response adds to the counts, folding it into cells, and reading counts back."""
