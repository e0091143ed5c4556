"""The class while it is held: its people, their terminals and boxes, and the exchange with their apps."""
