"""The database: metadata, sessions, tenancy."""
