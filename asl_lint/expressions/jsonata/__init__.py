"""JSONata 2.0.6, the dialect of Step Functions: expressions parsed with a span on every node, and what they refer to."""

from asl_lint.expressions.jsonata.errors import Error
from asl_lint.expressions.jsonata.parser import parse

__all__ = ["Error", "parse"]
