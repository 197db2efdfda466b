"""SQL of responses: writing them, reading them back, and what is decided about them."""
