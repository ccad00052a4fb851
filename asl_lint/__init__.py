"""asl-lint: a linter for Amazon States Language.

``check_text`` and ``check_paths`` return a ``Report`` of ``Finding``s; ``load_config`` reads the settings of a file.
"""

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any

    from asl_lint.config import Config as Config
    from asl_lint.config import load_config as load_config
    from asl_lint.finding import Finding as Finding
    from asl_lint.finding import Report as Report
    from asl_lint.run import check_paths as check_paths
    from asl_lint.run import check_text as check_text

__all__ = ["Config", "Finding", "Report", "check_paths", "check_text", "load_config"]

_HOMES = {
    "Config": "asl_lint.config",
    "load_config": "asl_lint.config",
    "Finding": "asl_lint.finding",
    "Report": "asl_lint.finding",
    "check_paths": "asl_lint.run",
    "check_text": "asl_lint.run",
}


def __getattr__(name: str) -> "Any":
    """The public names, imported when first used: a command that does not check pays for no checker."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
