"""What an operator types: ``flask --app app <command>``. Only app.py comes in."""
