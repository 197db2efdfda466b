"""The service: features that questions and findings are about, and the processes, offers and touchpoints of these."""
