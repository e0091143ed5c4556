"""Long runs on a busy machine, with kills at random moments: what fails now and then, and what is left behind."""
