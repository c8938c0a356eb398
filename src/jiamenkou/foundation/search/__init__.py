"""Search: one row per findable thing, 1- and 2-character grams, full recall for short Chinese words."""
