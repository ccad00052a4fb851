"""Which words of a text suggest a secret: a cheap necessary check, apart from what then looks for one."""

from functools import lru_cache
from typing import Final

_WORDS: Final = (
    "passw", "pwd", "passphrase", "authorization", "bearer", "basic ", "sig=", "signature=", "jdbc:", "akia", "asia", "glpat",
    "xox", "hooks.slack.com", "/api/webhooks/", "klive", "skproj", "sksvcacct", "skadmin", "skant", "t3blbkfj", "aiza", "npm",
    "pypi", "eyj", "githubpat",
)  # fmt: skip
_KEYS: Final = (
    "apikey", "secretkey", "accesskey", "privatekey", "private key", "accountkey", "signingkey", "subscriptionkey",
    "licensekey", "authkey", "integrationkey", "routingkey",
)  # fmt: skip
_GITHUB: Final = ("ghp", "gho", "ghu", "ghs", "ghr")
"""One of these is in every text that holds a secret as ``secrets`` finds it, but for what follows."""

_HARMLESS: Final = (
    "tasktoken", "task.token", "clienttoken", "nexttoken", "clientrequesttoken", "secretsmanager", "secretid", "secretarn",
    "secretname", "secretstring",
)  # fmt: skip
"""Words of the language and of services in which ``token`` or ``secret`` occurs."""


def plain(text: str) -> str:
    """The text in which the words are looked for: in small letters, without hyphens and underscores."""
    return text.lower().replace("_", "").replace("-", "")


@lru_cache(maxsize=8)
def suspicious_words(text: str) -> tuple[str, ...]:
    """The words that occur, as ``plain`` has them: none in a text that holds no secret. Some 100 µs for 10,000 characters."""
    written = plain(text)
    found = [word for word in _WORDS if word in written]
    if "key" in written:
        found += [word for word in _KEYS if word in written]
    if "gh" in written:
        found += [word for word in _GITHUB if word in written]
    if "@" in written and "://" in written:
        found.append("://")
    if "SG." in text:
        found.append("sg.")
    if "token" in written or "secret" in written:
        for word in _HARMLESS:
            written = written.replace(word, "")
        found += [word for word in ("token", "secret") if word in written]
    return tuple(found)
