"""Kills while people work: what was acknowledged is in the database, and every invariant holds.

``python -m chaos`` starts a house of its own in a temporary directory, lets clients write, kills one process after
another with SIGKILL and compares. It first runs a broken variant, which must be caught: a check that cannot fail
proves nothing.
"""
