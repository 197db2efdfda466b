"""Who could be asked, and who is: frames of people, and random samples drawn from them."""
