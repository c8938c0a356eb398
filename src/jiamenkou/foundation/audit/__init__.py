"""Audit: who, what, why, before, after. A write without an actor and a reason is refused by the database."""
