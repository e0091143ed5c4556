"""A profile's filter: compiled by libseccomp, run, and traced back to the profile's rules."""
