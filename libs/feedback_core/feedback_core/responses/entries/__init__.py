"""Staff entry: interviews, focus groups, calls and paper forms, kept as they were said."""
