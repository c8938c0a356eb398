"""A year of the closed loop in the demo communities."""
