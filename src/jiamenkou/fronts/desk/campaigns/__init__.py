"""群发 on the desk: write, look, confirm; how far it got; whom it did not reach, and a phone round for them."""
