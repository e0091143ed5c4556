"""Live terminals."""
