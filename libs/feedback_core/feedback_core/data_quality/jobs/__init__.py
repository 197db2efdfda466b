"""The worker's part of data quality: measuring responses, and the analysis."""
