"""What a call of DynamoDB does to which table, where its items or its statements of PartiQL tell.

IAM knows no action for a transaction or a statement as such: it asks for that of each item, and for that of each statement's verb
(DynamoDB's guide: iam-transactions, ql-iam).
"""

import re
from collections.abc import Callable, Iterable, Mapping

from asl_lint.aws.call_resources import table_arn
from asl_lint.late import Final, NamedTuple

Texts = Callable[[object, str], "tuple[str, ...] | None"]
"""Arguments and the path of a member -> the texts that it can be; None: not written; ``*`` where unknown."""

_ITEMS: Final = {
    "Put": "dynamodb:PutItem", "Delete": "dynamodb:DeleteItem", "Update": "dynamodb:UpdateItem",
    "ConditionCheck": "dynamodb:ConditionCheckItem",
}  # fmt: skip
_STATEMENTS: Final = {
    "dynamodb:executeStatement": "Statement",
    "dynamodb:batchExecuteStatement": "Statements[].Statement",
    "dynamodb:executeTransaction": "TransactStatements[].Statement",
}
_PLAIN: Final = r"(?:[\w*-]|\$\{[^{}]*\})+"
_STATEMENT: Final = re.compile(
    r"\s*(?:(?P<select>SELECT)\b.*?\bFROM|(?P<insert>INSERT)\s+INTO|(?P<update>UPDATE)|(?P<delete>DELETE)\s+FROM)\s+"
    rf"(?:\"(?P<quoted>[^\"]+)\"|(?P<table>{_PLAIN}))(?:\.(?:\"(?P<quoted_index>[^\"]+)\"|(?P<index>{_PLAIN})))?",
    re.IGNORECASE | re.DOTALL,
)


class ItemActions(NamedTuple):
    """Actions and the resources of each, in the order of the call. ``is_whole``: the call holds nothing that hides its action."""

    resources: Mapping[str, tuple[str, ...]]
    is_whole: bool


def item_actions(name: str, arguments: object, texts: Texts) -> ItemActions | None:
    """The actions of a call by its content; None for one whose action is that of its operation."""
    if name == "dynamodb:transactWriteItems":
        items = arguments.get("TransactItems") if isinstance(arguments, Mapping) else None
        return _together([_of_item(item, texts) for item in items] if isinstance(items, list) else [])
    if name in _STATEMENTS:
        return _together([_of_statement(text) for text in texts(arguments, _STATEMENTS[name]) or ()])
    return None


def _together(parts: list[list[tuple[str, str]]]) -> ItemActions:
    """All actions with their resources; a part that has none hides its own."""
    about: dict[str, dict[str, None]] = {}
    for part in parts:
        for action, resource in part:
            about.setdefault(action, {})[resource] = None
    return ItemActions({action: tuple(found) for action, found in about.items()}, bool(parts) and all(parts))


def _of_item(item: object, texts: Texts) -> list[tuple[str, str]]:
    if not isinstance(item, Mapping):
        return []
    written = [(action, item.get(key)) for key, action in _ITEMS.items() if key in item or f"{key}.$" in item]
    return [(action, table_arn(table)) for action, one in written for table in _tables(one, texts)]


def _tables(operation: object, texts: Texts) -> Iterable[str]:
    return (isinstance(operation, Mapping) and texts(operation, "TableName")) or ("*",)


def _of_statement(text: str) -> list[tuple[str, str]]:
    found = _STATEMENT.match(text)
    if found is None:
        return []
    verb = found["select"] or found["insert"] or found["update"] or found["delete"]
    table = table_arn(found["quoted"] or found["table"])
    index = found["quoted_index"] or found["index"]
    return [(f"dynamodb:PartiQL{verb.capitalize()}", f"{table}/index/{index}" if index else table)]
