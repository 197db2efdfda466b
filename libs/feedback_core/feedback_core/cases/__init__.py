"""Cases: one person's response that asks for an answer, followed until it is closed; and what is told back to all."""
