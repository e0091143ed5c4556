"""A learner's session in one lab: terminals to type into, and checks that run by themselves."""
