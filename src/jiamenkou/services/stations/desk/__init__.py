"""Neighbour stations: desk."""
