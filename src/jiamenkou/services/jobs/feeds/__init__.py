"""Feeds of a labour bureau: read and mapped here, stored by :mod:`pulling`."""
