"""One learner in one workshop: workspace, containers and consoles, and the proof that the checks can be trusted."""
