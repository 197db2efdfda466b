"""Staff entry: interviews, focus groups, calls and paper forms, kept as said and entered by people of the organisation."""
