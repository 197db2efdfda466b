"""Tenants, their API keys and settings."""
