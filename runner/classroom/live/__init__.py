"""The class while it is held: its people, their terminals and boxes, and what they and their apps are told."""
