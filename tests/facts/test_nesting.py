"""The graphs of a machine put into each other."""

from typing import Any

import pytest

from asl_lint.facts.nesting import Items, Nesting, inner_of, is_repeated, items_of, tolerates_failures
from tests.properties.definitions import facts, machine, task
