"""Staff and teams: who they are, sealed, and what responses call them."""
