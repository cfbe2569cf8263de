"""Each speed that the project claims, as a program that prints it beside its peer or limit."""
