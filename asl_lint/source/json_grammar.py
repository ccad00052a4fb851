"""The grammar of JSON as a reader of tokens needs it: where it stands, which token may follow, and where it stands then."""

from asl_lint.late import Final
from asl_lint.source.json_tokens import PLACEHOLDER, SCALAR, STRING

# Where a reading stands. Object: at its first key, after a key (the first one), before a value, after a member, after a comma,
# after a placeholder that may hold members. Array: at its first element, after one, after a comma. Root: before and after.
FIRST_KEY, FIRST_COLON, COLON, VALUE, MEMBER, KEY, SPLICE = "{", "K", "k", "v", "m", "n", "x"
FIRST_ELEMENT, ELEMENT, NEXT_ELEMENT = "[", "e", "f"
ROOT, DONE = "R", "Z"

MISSING_VALUE: Final = "?"  # an inserted token: a value of which nothing is there


AFTER_VALUE: Final = {FIRST_ELEMENT: ELEMENT, NEXT_ELEMENT: ELEMENT, VALUE: MEMBER, ROOT: DONE}
_SIMPLE: Final = {
    **{(state, kind): after for state, after in AFTER_VALUE.items() for kind in (STRING, SCALAR, PLACEHOLDER, MISSING_VALUE)},
    (FIRST_KEY, STRING): FIRST_COLON,
    (KEY, STRING): COLON,
    (SPLICE, STRING): COLON,
    (FIRST_KEY, PLACEHOLDER): SPLICE,
    (KEY, PLACEHOLDER): SPLICE,
    (MEMBER, PLACEHOLDER): SPLICE,
    (SPLICE, PLACEHOLDER): SPLICE,
    (ELEMENT, PLACEHOLDER): ELEMENT,
    (COLON, ":"): VALUE,
    (FIRST_COLON, ":"): VALUE,
    (MEMBER, ","): KEY,
    (SPLICE, ","): KEY,
    (ELEMENT, ","): NEXT_ELEMENT,
}
STEPS: Final[dict[str, dict[str, str]]] = {
    state: {kind: after for (at, kind), after in _SIMPLE.items() if at == state}
    for state in (FIRST_KEY, FIRST_COLON, COLON, VALUE, MEMBER, KEY, SPLICE, FIRST_ELEMENT, ELEMENT, NEXT_ELEMENT, ROOT, DONE)
}
CLOSABLE: Final = {FIRST_KEY: "}", MEMBER: "}", SPLICE: "}", FIRST_ELEMENT: "]", ELEMENT: "]"}
KEY_STATES: Final = (FIRST_KEY, KEY, SPLICE)


def misfit(kinds: list[str], start: int, end: int) -> int | None:
    """The first of the tokens ``start:end`` that JSON would not have there (``end`` where one is lacking), or None."""
    stack: list[str] = []
    state = ROOT
    for i in range(start, end):
        kind = kinds[i]
        simple = STEPS[state].get(kind)
        if simple is not None:
            is_key = kind == PLACEHOLDER and simple == SPLICE and i + 1 < end and kinds[i + 1] == ":"
            state = COLON if is_key else simple
        elif kind in "{[" and state in AFTER_VALUE:
            stack.append(state)
            state = kind
        elif kind in "}]" and CLOSABLE.get(state) == kind:
            state = AFTER_VALUE[stack.pop()]
        else:
            return i
    return None if state == DONE else end
