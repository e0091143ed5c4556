"""What a Compose file says by other files and documents."""
