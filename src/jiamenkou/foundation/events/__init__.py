"""The bus between rooms, and the registries of what rooms contribute to the fronts."""
