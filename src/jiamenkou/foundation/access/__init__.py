"""Access: roles × place scope × purpose, with row-level security as the second line."""
