"""The staff's shell: 今天, search."""
