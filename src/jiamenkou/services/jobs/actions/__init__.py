"""Writes: one function per thing that can happen, one transaction each, ``by`` and ``reason`` as keywords."""
