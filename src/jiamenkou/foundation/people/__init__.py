"""People: residents, households, organisations, accounts, consent, the skills archive."""
