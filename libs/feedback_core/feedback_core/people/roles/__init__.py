"""Roles: what each is responsible for, in versions; sent, and acknowledged by signed link."""
