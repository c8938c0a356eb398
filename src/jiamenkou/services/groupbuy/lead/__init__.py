"""Pages of the leaders (主理人)."""
