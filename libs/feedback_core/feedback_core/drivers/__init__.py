"""Drivers: which features move satisfaction, how sure that is, and where it is worth acting."""
