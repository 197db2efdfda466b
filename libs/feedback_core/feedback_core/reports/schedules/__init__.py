"""Editions that are written by themselves after each review of an analysis schedule."""
