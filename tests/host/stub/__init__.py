"""The smallest site that ``up`` can run: it stands in for the product, so that these tests are about the host."""
