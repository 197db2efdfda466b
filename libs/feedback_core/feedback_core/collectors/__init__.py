"""Collectors: by which link a survey goes out, and the hosted questionnaire that the link leads to."""
