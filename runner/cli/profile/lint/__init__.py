"""`workshop profile lint`: faults of profiles, where they stand, and what to do about them."""
