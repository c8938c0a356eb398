"""Neighbour stations: sheets."""
