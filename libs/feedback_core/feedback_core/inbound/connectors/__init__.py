"""Connectors: fetch what an event names by its ids only."""
