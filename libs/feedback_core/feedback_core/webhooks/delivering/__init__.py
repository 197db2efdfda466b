"""The worker's part of webhooks: from the feed into the queues of webhooks, and from there to their receivers."""
