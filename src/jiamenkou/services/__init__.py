"""One room per system. Rooms never import one another."""
