"""One learner in one workshop: their workspace, containers and consoles, and the proof that the checks can be trusted."""
