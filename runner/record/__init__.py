"""What happens to learners in a workshop: events, the files that keep them, and how they travel to a class."""
