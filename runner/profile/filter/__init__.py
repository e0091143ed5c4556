"""The filter that a profile becomes: compiled by libseccomp, run, and traced back to its rules."""
