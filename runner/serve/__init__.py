"""The workshop in a browser, for the person at this machine; the only package that imports textual-serve."""
