"""Pure calculation of sampling: random numbers, draws by each design, and who stands in a frame more than once."""
