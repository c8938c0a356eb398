"""``/admin/``: the back office of the system's administrators. Never a worker's tool."""
