"""Reports: from one frozen analysis an edition for each audience, rendered, scheduled and told to people."""
