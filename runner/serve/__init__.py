"""The workshop in a browser, for the person at this machine."""
