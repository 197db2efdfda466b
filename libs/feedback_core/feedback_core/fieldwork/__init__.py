"""Fieldwork: what became of the invitations."""
