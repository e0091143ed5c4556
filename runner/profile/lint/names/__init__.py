"""Names in a profile that nothing has: of calls, capabilities and architectures."""
