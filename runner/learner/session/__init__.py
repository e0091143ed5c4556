"""A learner's session in one lab: terminals that they type into, and checks that come alive."""
