"""The organisation's own procedure as data: steps, who may decide, deadlines, and every decision taken."""
