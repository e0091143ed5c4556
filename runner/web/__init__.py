"""A terminal program's screen in a browser: its page, the page's messages, and the guard on requests."""
