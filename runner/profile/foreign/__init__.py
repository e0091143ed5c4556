"""Other tools' texts on system calls that cannot be read, each with what to give instead."""
