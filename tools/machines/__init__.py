"""The workshop on fresh virtual machines, as somebody uses it who has just read the README."""
