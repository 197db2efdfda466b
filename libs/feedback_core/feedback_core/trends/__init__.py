"""Trends: what a series of periods can bear - direction, slope, season, signals and changes of level."""
