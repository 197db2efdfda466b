"""A portfolio as a page, and as a document to be printed; both tell the same."""
