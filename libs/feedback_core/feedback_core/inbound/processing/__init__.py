"""Processing: the worker reads what waits in the inbox, and settles each item of it once."""
