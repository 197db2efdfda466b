"""Quotas: how many responses of a kind a survey takes, counted so that none is taken too many."""
