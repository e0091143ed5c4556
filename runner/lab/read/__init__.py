"""Markdown, YAML and TOML → a workshop, with the line of every problem."""
