"""Neighbour stations: actions."""
