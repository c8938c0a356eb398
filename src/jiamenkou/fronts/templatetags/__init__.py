"""What templates may load: ``look`` (parts and layouts), ``fields`` (forms), ``drawings`` (SVG made by the server)."""
