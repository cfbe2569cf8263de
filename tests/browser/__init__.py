"""The settings page in a real browser, in the stand-in's admin, on all that `make run` starts."""
