"""You said, we did: what customers said, what was done about it, told back to all of them as aggregates."""
