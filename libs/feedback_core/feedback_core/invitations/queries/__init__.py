"""SQL of invitations."""
