"""Motivation: techniques and strategies tied to standards, and what followed."""
