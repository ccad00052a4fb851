"""asl-lint: a linter for Amazon States Language."""
