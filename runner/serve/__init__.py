"""The workshop in a browser, for who sits at this machine; the only package that imports textual-serve."""
