"""The verbs of webhooks that the API calls."""
