"""What a profile comes to, for people: shown, explained, compared."""
