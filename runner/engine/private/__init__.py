"""The private engine: a dockerd in namespaces of its own, started on demand."""
