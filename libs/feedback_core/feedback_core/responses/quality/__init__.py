"""Quality of the answers."""
