"""Demonstrations: a simulated organisation whose truth is known, and real answers; both through the HTTP API only."""
