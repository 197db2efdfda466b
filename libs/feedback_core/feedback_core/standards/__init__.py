"""Standards: what the organisation has agreed to reach, the verdicts on it, and what others reach."""
