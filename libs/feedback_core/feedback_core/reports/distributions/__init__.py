"""Whom a report is told to, by what way, and what became of that."""
