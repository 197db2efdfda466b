"""SQL of sampling."""
