"""Recommendations: from findings, with their evidence, through the organisation's decision."""
