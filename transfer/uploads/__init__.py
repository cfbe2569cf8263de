"""Files that people send, read row by row and refused with one sentence."""
