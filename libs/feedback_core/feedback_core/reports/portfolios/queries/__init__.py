"""SQL of portfolios: their own rows, and one finder for each kind of record."""
