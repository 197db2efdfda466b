"""Which way of asking serves its purpose: response, cost, time, care, composition and the KPI by method."""
