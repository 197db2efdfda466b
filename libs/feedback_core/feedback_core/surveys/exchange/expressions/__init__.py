"""Expressions in which other tools say when a question is shown, as far as conditions can say it."""
