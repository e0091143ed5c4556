"""The `Engine` protocol over the Docker API."""
