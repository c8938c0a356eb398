"""Excel out, and a pasted list in."""
