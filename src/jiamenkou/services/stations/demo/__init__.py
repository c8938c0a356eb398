"""Neighbour stations: demo."""
