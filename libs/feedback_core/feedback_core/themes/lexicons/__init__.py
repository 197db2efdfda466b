"""Word lists by language, written for customer feedback; by hand, from no data set."""
