"""Long runs on a busy machine, with kills at random moments: intermittent failures, and leftovers."""
