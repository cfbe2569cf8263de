"""The settings page in a real browser, inside the stand-in's admin, on all that `make run` starts."""
