"""The domain of the feedback service: one folder per capability, lowest first; each imports only those below it."""
