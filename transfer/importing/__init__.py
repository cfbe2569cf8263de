"""Import: an uploaded file to planned changes, the steps that apply them, and results."""
