"""Presents a profile's meaning to people: show, explain, compare."""
