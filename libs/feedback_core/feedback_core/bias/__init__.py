"""Sampling bias: whom the answers over- and under-represent against the frame, and whether weighting mends it."""
