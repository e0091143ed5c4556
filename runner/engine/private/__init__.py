"""The private engine: a dockerd in its own namespaces, started on demand."""
