"""What other systems send: sources, verification of what they sign, and the inbox of what came in."""
