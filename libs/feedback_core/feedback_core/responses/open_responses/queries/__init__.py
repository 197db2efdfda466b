"""All SQL of open responses."""
