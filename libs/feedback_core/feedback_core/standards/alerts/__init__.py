"""Alerts: a KPI of the last days held against a threshold by itself, told when it crosses and when that is over."""
