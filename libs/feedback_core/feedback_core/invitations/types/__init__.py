"""Vocabulary of invitations."""
