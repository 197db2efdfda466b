"""SQL of data quality: rules, reading what is measured, keeping flags, counting for the analysis."""
