"""Addresses for machines: health, readiness, metrics, QR."""
