"""Pictures of the real app: its screens as a learner sees them, with recorded programs in the containers."""
