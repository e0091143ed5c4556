"""Pictures of the real app: its screens as a learner would have them, with recorded programs in the containers."""
