"""What a workshop is: its model, the Markdown reader with line numbers, and the linter."""
