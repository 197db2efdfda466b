"""Responses while they are being given: answers come one by one, and count only once the response is closed."""
