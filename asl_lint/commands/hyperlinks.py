"""Which terminals show OSC 8 hyperlinks: those that say so of themselves in the environment.

https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda; a terminal that is not known gets none, for some print them.
"""

from collections.abc import Mapping

from asl_lint.late import Final

_TERMS: Final = ("alacritty", "contour", "foot", "foot-extra", "rio", "wezterm", "xterm-ghostty", "xterm-kitty")
_PROGRAMS: Final = ("ghostty", "hyper", "rio", "tabby", "vscode", "warpterminal", "wezterm", "zed")
"""Values of TERM, and in small letters of TERM_PROGRAM."""
_VARIABLES: Final = ("DOMTERM", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "WEZTERM_PANE", "WT_SESSION")
"""What these terminals always set."""
_VTE: Final = 5001
"""The first version of VTE (GNOME Terminal and others) that does, as VTE_VERSION has it; the one before crashes."""


def wants_hyperlinks(choice: str, environment: Mapping[str, str], *, is_terminal: bool) -> bool:
    """Whether to write hyperlinks: as an option says, or FORCE_HYPERLINK, or where a terminal is known to show them."""
    if choice != "auto":
        return choice == "always"
    forced = environment.get("FORCE_HYPERLINK")
    if forced:
        return forced.lower() not in ("0", "false")
    return is_terminal and environment.get("TERM") != "dumb" and _is_known(environment)


def _is_known(environment: Mapping[str, str]) -> bool:
    program = environment.get("TERM_PROGRAM", "").lower()
    if program == "iterm.app":
        return _at_least(environment.get("TERM_PROGRAM_VERSION", ""), (3, 1))
    if program in _PROGRAMS or environment.get("TERM") in _TERMS or any(environment.get(name) for name in _VARIABLES):
        return True
    return _at_least(environment.get("VTE_VERSION", ""), (_VTE,))


def _at_least(version: str, least: tuple[int, ...]) -> bool:
    parts = version.split(".")[: len(least)]
    return all(part.isdecimal() for part in parts) and tuple(map(int, parts)) >= least
