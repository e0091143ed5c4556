"""Where containers live: the only package that imports docker."""
