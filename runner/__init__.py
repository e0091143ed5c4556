"""Learn how seccomp confines Docker containers, by doing it in real ones."""
