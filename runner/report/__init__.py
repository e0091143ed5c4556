"""The results of a verification, for people and for programs."""
