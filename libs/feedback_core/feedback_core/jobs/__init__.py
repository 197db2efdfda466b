"""Durable jobs: a row in the caller's transaction, claimed with a lease, finished once."""
