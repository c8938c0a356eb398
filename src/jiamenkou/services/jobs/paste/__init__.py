"""Pasted chat text on its way to a vacancy."""
