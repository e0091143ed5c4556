"""The command line: one small module per group of commands, each importing what it needs when it runs."""
