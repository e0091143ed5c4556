"""Commands that run a program to find out what it needs: `trace`, `test` and `generate`."""
