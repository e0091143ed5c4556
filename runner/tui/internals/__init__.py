"""What leans on Textual's private parts."""
