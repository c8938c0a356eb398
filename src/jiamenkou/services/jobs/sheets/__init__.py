"""Excel in and out of the employment station."""
