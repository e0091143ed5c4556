"""Widgets of the terminal user interface."""
