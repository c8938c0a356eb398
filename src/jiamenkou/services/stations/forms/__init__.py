"""Neighbour stations: forms."""
