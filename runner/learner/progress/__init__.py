"""How far a learner has come: folded from their events, without a session."""
