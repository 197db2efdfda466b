"""What comes in from other systems by itself: sources, deliveries, and the mapping to responses."""
