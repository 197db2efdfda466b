"""Planning: collection methods."""
