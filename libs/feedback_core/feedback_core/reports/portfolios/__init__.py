"""Portfolios of evidence: the organisation's own records for each criterion of a unit, in one file."""
