"""Labs played headless, and each of their checks proven able to fail."""
