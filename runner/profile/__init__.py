"""Docker's seccomp profiles: read, resolve, explain, compare, simulate and lint, without Docker."""
