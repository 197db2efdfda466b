"""Capture: what customers said, as they said it; import, exclusion, erasure."""
