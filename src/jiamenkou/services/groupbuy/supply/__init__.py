"""Pages of the suppliers, phone and PC."""
