"""Mapping: from the payload of a delivery to the responses that it says, as data that is held against the survey."""
