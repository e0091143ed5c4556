"""One person in one workshop: their session, their progress, and the data that the app shows of both."""
