"""A class as its instructor sees it: who stands where, who needs help, and what there is to be done about it."""
