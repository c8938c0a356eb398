"""Neighbour stations: phone."""
