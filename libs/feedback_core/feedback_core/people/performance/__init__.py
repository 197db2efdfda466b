"""Performance against standards, per person and team: compared fairly, shown to those entitled, with right of reply."""
