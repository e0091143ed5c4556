"""The workshop on fresh virtual machines, used by a person who has just read the README."""
