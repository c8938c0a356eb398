"""Staff pages of the employment station."""
