"""A class as its instructor sees it: where each learner is, who needs help, and the instructor's orders."""
