"""Writes of the room: one function per thing that can happen."""
