"""Neighbour stations and rooms: lend, repair, cut hair, read, paint, teach, and count the hours."""
