"""Events about responses: that one came in, and that its scores are low; found by the worker behind a watermark."""
