"""The views of signing in, by who stands at the door."""
