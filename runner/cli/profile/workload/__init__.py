"""The commands that run a program to learn what it needs: `trace`, `test` and `generate`."""
