"""Pure Python: values in, values out. No Django, database, clock or network."""
