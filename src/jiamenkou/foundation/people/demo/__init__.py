"""Invented people: a roster as a worker would keep it, and the accounts of the demo."""
