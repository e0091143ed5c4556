"""The user's side of a private engine's supervisor: finding it, starting it, talking to it."""
