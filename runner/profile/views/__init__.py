"""A profile's meaning for people: shown, explained, compared."""
