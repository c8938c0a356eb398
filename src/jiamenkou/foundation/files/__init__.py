"""Uploads: magic checked, images encoded again, access checked on the way out."""
