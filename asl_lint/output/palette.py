"""Colours (ANSI) and hyperlinks (OSC 8) of the formats that people read; without colour every text stays as it is."""

from asl_lint.finding import Finding
from asl_lint.late import Final
from asl_lint.output.characters import visible
from asl_lint.output.paths import local_uri
from asl_lint.output.style import Style

_CODES: Final = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "failure": "1;35",
    "help": "1;32",
    "note": "1;36",
    "frame": "1;34",
    "strong": "1",
    "faint": "2",
}


class Palette:
    """Paints what it is given; the caller has made the text safe to print."""

    __slots__ = ("_colour", "_hyperlinks")

    def __init__(self, style: Style) -> None:
        self._colour = style.colour
        self._hyperlinks = style.hyperlinks

    def paint(self, text: str, role: str) -> str:
        """The text in the colour of a role: a severity, ``failure``, ``help``, ``note``, ``frame``, ``strong``, ``faint``."""
        return f"\x1b[{_CODES[role]}m{text}\x1b[0m" if self._colour and text else text

    def link(self, text: str, url: str | None) -> str:
        """The text, leading to ``url`` where the terminal knows hyperlinks."""
        if not self._hyperlinks or not url:
            return text
        target = "".join([c if "!" <= c <= "~" else _percent(c) for c in url])
        return f"\x1b]8;;{target}\x1b\\{text}\x1b]8;;\x1b\\"

    def place(self, file: str, text: str) -> str:
        """The text, which names a place in a file, leading to that file where the terminal knows hyperlinks."""
        return self.link(text, local_uri(file)) if self._hyperlinks else text

    def title(self, finding: Finding) -> str:
        """``error[unknown-field]``, coloured by severity, the name leading to the rule's page."""
        role = finding.severity
        name = self.link(self.paint(visible(finding.rule), role), finding.url)
        return f"{self.paint(role + '[', role)}{name}{self.paint(']', role)}"


def _percent(character: str) -> str:
    return "".join([f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass")])
