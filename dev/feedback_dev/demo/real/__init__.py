"""Surveys and mappings for real data, which stays outside the repository, and the population to hold it against."""
