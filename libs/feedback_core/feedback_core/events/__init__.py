"""Events: facts that happened, a row each in the transaction that made them so, and the feed of them."""
