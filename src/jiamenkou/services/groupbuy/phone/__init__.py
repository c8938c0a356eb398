"""Pages of the buyers."""
