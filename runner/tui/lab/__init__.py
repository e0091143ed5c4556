"""A learner in a lab, without widgets: their actions and the results."""
