"""Codebooks: which themes the comments of a survey are coded with, and the rules that code without anybody reading."""
