"""Culture: notes, and dated assessments by dimension, each with its evidence."""
