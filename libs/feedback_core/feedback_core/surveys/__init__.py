"""Surveys: questionnaires, their faults, and the check of a response against a published version."""
