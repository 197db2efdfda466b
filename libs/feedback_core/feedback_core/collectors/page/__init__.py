"""The hosted questionnaire as HTML: what stands on which page, what a form says, and how it is written."""
