"""Container engines: the only package that imports docker."""
