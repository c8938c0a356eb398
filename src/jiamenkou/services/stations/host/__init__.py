"""Neighbour stations: host."""
