"""Taking part in a class with a machine and an engine of one's own: events go there, and notices come back."""
