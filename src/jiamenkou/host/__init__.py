"""Embedded PostgreSQL, the `up` supervisor, backup and restore."""
