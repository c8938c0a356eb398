"""Messages: notice classes, channels, receipts. Sent after commit, from an outbox."""
