"""The API's shell."""
