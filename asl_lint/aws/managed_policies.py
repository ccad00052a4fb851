"""What the policies that AWS itself maintains allow, as they were on a day.

Read from one file made of the documents that moto holds (scripts/build_managed_policies.py), in blocks of policies. Nothing is
read before it is asked for; what is read stays for the process. Opening costs about 1 ms, a block 1 ms. AWS adds to its policies
and rarely takes away: what one did not allow on that day, it may allow now.
"""

# ruff: noqa: PTH118, PTH120, PTH123
# (pathlib costs more to import than the table to open.)

import json
import os
import re
from collections.abc import Mapping
from functools import cache

from asl_lint.aws.block_file import BlockFile
from asl_lint.aws.policy_document import NOT_KNOWN, Policies, Statement, read_document
from asl_lint.late import Any, Final

TABLE_FILE: Final = os.path.join(os.path.dirname(__file__), "managed_policies.bin")
MAGIC: Final = b"ASLPOL1\n"


class ManagedPolicies:
    """The whole file. ``date`` is the day of the newest policy in it (ISO); ``paths`` leads from a name to it with its path."""

    def __init__(self, data: bytes) -> None:
        """Raise ValueError where the data is no table."""
        self._file = BlockFile(data, MAGIC, "table of policies")
        self.date: str = self._file.header["date"]
        self.policies: Mapping[str, int] = self._file.header["policies"]
        self.paths = {name.rpartition("/")[2]: name for name in self.policies}
        self._blocks: dict[int, Mapping[str, Any]] = {}

    def statements(self, name: str) -> tuple[Statement, ...] | None:
        """The statements of the policy with that path and name (``service-role/AWSLambdaRole``); None if there is none."""
        number = self.policies.get(name)
        if number is None:
            return None
        block = self._blocks.get(number)
        if block is None:
            block = self._blocks[number] = json.loads(self._file.block(number))
        return read_document({"Statement": block[name]})


@cache
def managed_policies() -> ManagedPolicies:
    """The table that comes with the package, opened once."""
    with open(TABLE_FILE, "rb") as file:
        return ManagedPolicies(file.read())


_OF_AWS: Final = re.compile(r"arn:(?:aws[\w-]*|\$\{[^{}]*\}):iam::aws:policy/(.+)\Z")


def attached(named: str | None) -> Policies:
    """What a policy allows that is attached by its ARN, or by the name that SAM knows it by; NOT_KNOWN if it is no policy of AWS,
    or none that the table has.
    """
    found = _OF_AWS.match(named or "")
    table = managed_policies()
    name = found[1] if found else table.paths.get(named or "", "")
    statements = table.statements(name)
    if statements is None:
        return NOT_KNOWN
    short = name.rpartition("/")[2]
    return Policies(tuple(one._replace(policy=short) for one in statements), as_of=table.date)
