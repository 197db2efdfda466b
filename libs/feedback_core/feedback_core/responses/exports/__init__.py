"""Exports: files of the responses to a survey, whole or what has changed since the last one."""
