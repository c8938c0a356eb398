"""Input, validated before any query."""
