"""Paths of a JSONPath state: what a text names, step by step with spans, and where it is no path.

The dialect is Jayway's as the service takes it: ``$`` the input, ``$$`` the context object, ``$name`` a variable; a Reference
Path names one place. Sure errors are what the service has answered, or what both Jayway and the specification refuse.
"""

from asl_lint.expressions.jsonpath.path import Path, PathError, Root, Step, StepKind
from asl_lint.expressions.jsonpath.reading import MOST_ERRORS, REMEMBERED, parse_path, path_within, unsure

__all__ = ["MOST_ERRORS", "REMEMBERED", "Path", "PathError", "Root", "Step", "StepKind", "parse_path", "path_within", "unsure"]
