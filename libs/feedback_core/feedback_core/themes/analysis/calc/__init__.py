"""Pure calculations of the analysis of themes; they run in the worker only."""
