"""What programs read out of comments: their language, their sentiment, and the themes that rules give them."""
