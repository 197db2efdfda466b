"""Recommendations from analyses other than reviews: drivers, trends, sampling bias, method effectiveness, themes."""
