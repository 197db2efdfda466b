"""Key figures of a survey: definitions, cells, values with intervals, series, comparisons."""
