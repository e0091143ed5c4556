"""System calls: their names, numbers, arguments and purposes, by architecture."""
