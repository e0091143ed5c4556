"""The part of a class that runs as root: it makes the class's resources, and starts everything else unprivileged."""
