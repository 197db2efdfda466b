"""Personal data inside of comments: found when they are shown, and masked unless the reader may see it."""
