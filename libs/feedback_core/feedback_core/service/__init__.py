"""The service offer: its features, which questions, findings and recommendations are tied to."""
