"""Webhooks: telling other systems of events, at addresses that an organisation names."""
