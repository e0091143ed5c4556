"""One person in one workshop: their session, their progress, and what the app shows of both."""
