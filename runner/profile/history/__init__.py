"""What engines and runtimes of the past understand, and their default profiles."""
