"""Needs and the grid: collected at the door, counted against what there is, answered until somebody says so."""
