"""The part of a class that is root: it makes what the class needs, and starts all the rest without privileges."""
