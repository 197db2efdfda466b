"""Dramatiq only: broker, relay, schedule, one small actor per kind of job."""
