"""Shells: layout, navigation, components, composition. Own no rule."""
