"""Markdown, YAML and TOML → trees in which every part knows its line."""
