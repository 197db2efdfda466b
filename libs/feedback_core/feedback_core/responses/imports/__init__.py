"""Imports: files of responses, mapped to a survey, read by the worker as a stream."""
