"""A terminal emulator behind a small protocol; it knows neither Docker nor Textual."""
