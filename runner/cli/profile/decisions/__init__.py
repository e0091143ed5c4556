"""What a profile decides on calls, named or found in evidence, and why."""
