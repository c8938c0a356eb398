"""SMS through a provider: approved templates and variables, signed requests, receipts, cost per community."""
