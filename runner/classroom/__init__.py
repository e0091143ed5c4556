"""A class on one machine: its people, the doors they come in by, and the traffic between them and their boxes."""
