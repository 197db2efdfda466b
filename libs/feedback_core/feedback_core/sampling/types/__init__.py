"""Vocabulary of sampling."""
