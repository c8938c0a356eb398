"""Double entry in whole fen and whole minutes; payments and what became of them."""
