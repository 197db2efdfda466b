"""HTTP only: routes, schemas, security, problems."""
