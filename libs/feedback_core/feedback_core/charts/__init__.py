"""Charts: a Vega-Lite specification that fits the data, and pictures of it."""
