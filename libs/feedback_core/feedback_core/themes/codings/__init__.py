"""Coding by hand: batches of comments to code, what coders gave them, how far they agree, and what holds in the end."""
