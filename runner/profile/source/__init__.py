"""A profile's text: JSON as Go reads it, decoded into values, and written again."""
