"""Runs of analyses: requested, made by a job, kept with the data watermark they stand on; and their schedules."""
