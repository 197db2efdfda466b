"""Invitations: who is asked by which way, what became of each, reminders, and who does not want to be asked."""
