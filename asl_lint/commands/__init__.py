"""The commands of the command line: each reads its arguments, calls the library, prints, and says the exit code."""
