"""Both sides of the export's benchmarks, each a program of its own, and the lines they read."""
