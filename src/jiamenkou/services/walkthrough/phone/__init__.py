"""Pages of the phone."""
