"""Everything that can happen in this room."""
