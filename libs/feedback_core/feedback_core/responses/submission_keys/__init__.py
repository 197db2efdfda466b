"""Keys that may be published: they let a browser answer one survey, and read nothing."""
