"""Which characters of a file may reach a terminal as they are, what stands for the others, and how many cells each takes.

Control and format characters (escape sequences, bidirectional overrides, lone surrogates, soft hyphens) are written out as
``\\x1b`` or ``\\u202e``: what a file holds never steers the terminal that shows it. Widths follow Unicode's East Asian Width;
linear in the text, and ASCII costs nothing.
"""

from asl_lint.late import Final

TAB_STOP: Final = 4

_SHORT: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_JOINERS: Final = "\u200c\u200d"
_ZERO_WIDTH_JOINER: Final = "\u200d"
_EMOJI_PRESENTATION: Final = "\ufe0f"


def visible(text: str) -> str:
    """The text on one line with everything that a terminal would obey, or not show, written out."""
    if text.isprintable():
        return text
    return "".join([_visible(character, text[i - 1] if i else "") for i, character in enumerate(text)])


def _visible(character: str, before: str) -> str:
    if character.isprintable():
        return character
    if character in _JOINERS and before > "\x7f" and before.isprintable():
        return character  # part of an emoji, or of a word in a script that needs it
    from unicodedata import category

    if category(character) in ("Zs", "Co", "Cn"):
        return character
    return _SHORT.get(character) or escape(character)


def escape(character: str) -> str:
    """A character by its number, as Python and JavaScript write it."""
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def cells(text: str) -> tuple[list[str], list[int]]:
    """What to print for each character of one line, and the width of it in cells. Tabs become spaces up to the next stop."""
    if text.isascii() and text.isprintable():
        return list(text), [1] * len(text)
    shown: list[str] = []
    widths: list[int] = []
    column = 0
    for i, character in enumerate(text):
        before = text[i - 1] if i else ""
        if character == "\t":
            width = TAB_STOP - column % TAB_STOP
            shown.append(" " * width)
        else:
            piece = _visible(character, before)
            width = _width(character, before, widths) if piece == character else len(piece)
            shown.append(piece)
        widths.append(width)
        column += width
    return shown, widths


def width(text: str) -> int:
    """The cells that a line takes."""
    return len(text) if text.isascii() and text.isprintable() else sum(cells(text)[1])


def _width(character: str, before: str, widths: list[int]) -> int:
    """The cells of a printable character; ``widths`` are those of the characters before it."""
    if character < "\x7f":
        return 1
    from unicodedata import category, east_asian_width

    if character == _EMOJI_PRESENTATION:
        return 1 if widths and widths[-1] == 1 and category(before) == "So" else 0
    if character in _JOINERS or category(character) in ("Mn", "Me") or "\u1160" <= character <= "\u11ff":
        return 0
    wide = east_asian_width(character) in "WF"
    if before == _ZERO_WIDTH_JOINER and widths[-1:] == [0] and (wide or category(character) == "So"):
        return 0  # joined to the emoji before it
    if "\U0001f3fb" <= character <= "\U0001f3ff" and widths[-1:] == [2]:
        return 0  # the skin tone of the emoji before it
    return 2 if wide else 1
