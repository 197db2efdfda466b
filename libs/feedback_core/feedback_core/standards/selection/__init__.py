"""Selecting what to hold standards on: the measures of a survey by importance, spread and what they cost."""
