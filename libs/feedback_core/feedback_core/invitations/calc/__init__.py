"""Pure calculation: when a message may go out, what it says, what became of an invitation."""
