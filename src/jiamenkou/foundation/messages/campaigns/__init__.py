"""Campaigns: news to a chosen set of people, sent in batches, its reach counted, and calls to those not reached."""
