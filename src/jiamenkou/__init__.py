"""家门口: one platform for services at the resident's door."""

__version__ = "0.1.0"
