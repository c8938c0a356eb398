"""Writes about people: one function per thing that can happen."""
