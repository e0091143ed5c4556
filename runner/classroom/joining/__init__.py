"""Taking part in a class from one's own machine and engine: events are sent there, and notices come back."""
