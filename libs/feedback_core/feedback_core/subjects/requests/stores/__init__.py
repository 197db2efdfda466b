"""Where something may be held on somebody beside their responses."""
