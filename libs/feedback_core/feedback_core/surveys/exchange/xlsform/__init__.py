"""Workbooks of XLSForm, read and written."""
