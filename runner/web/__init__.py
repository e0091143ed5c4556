"""A terminal program's screen in a browser: its page, what the page sends, and who may ask."""
