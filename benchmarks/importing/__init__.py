"""The sides of the import's benchmark, each a program of its own."""
