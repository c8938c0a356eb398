"""The vault: fields sealed with AES-256-GCM under a key per person, and blind indexes to find them by."""
