"""The verification as it goes: a line for each lab that has finished, and on a terminal what the others are doing."""
