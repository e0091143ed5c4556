"""Commands for the engine that runs the containers."""
