"""The JSON Schemas of the project, and the small compiler that turns the one of the language into closures."""
