"""A terminal emulator behind a small protocol, independent of Docker and Textual."""
