"""Markdown, YAML and TOML → trees whose every part knows its line."""
