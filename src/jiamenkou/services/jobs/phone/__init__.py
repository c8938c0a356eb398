"""Residents' pages of the employment station."""
