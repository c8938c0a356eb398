"""Community choice (社区优选): group-buys with a leader and a supplier, farm direct by lot."""
