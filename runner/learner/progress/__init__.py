"""A learner's progress, folded from their events without a session."""
