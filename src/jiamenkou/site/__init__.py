"""Django settings, URL composition and the WSGI entry."""
