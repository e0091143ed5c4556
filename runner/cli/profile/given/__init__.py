"""What a command line gives: profiles, versions, calls, and the target, in the words of its options."""
