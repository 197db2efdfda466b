"""Actions: what is done about an accepted recommendation, by whom, until when, and whether it worked."""
