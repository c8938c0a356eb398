"""A believable community."""
