"""Employers answer: through a signed link without an account, or signed in."""
