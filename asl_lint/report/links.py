"""Addresses of lines in files: by a pattern that somebody gives, or as the CI server that runs us says where its files are."""

import os
from collections.abc import Mapping
from urllib.parse import quote

from asl_lint.late import NamedTuple
from asl_lint.output.paths import repository_path


class Links(NamedTuple):
    """``pattern`` has ``{path}`` and perhaps ``{line}``; empty: there are no links. ``folder`` is the repository's, absolute."""

    pattern: str = ""
    folder: str = ""

    def to(self, file: str, line: int) -> str | None:
        """The address of a line (from 1) of a file as a run names it; None where there is none, or the file lies elsewhere."""
        if not self.pattern:
            return None
        path = repository_path(file)
        if self.folder:
            path = os.path.relpath(os.path.realpath(file), os.path.realpath(self.folder)).replace(os.sep, "/")
        if path.startswith(("../", "/", "<")):
            return None
        encoded = quote(path.encode("utf-8", "surrogateescape"))
        return self.pattern.replace("{path}", encoded).replace("{line}", str(line))


def links_in(environment: Mapping[str, str]) -> Links:
    """Where GitHub's, GitLab's or Bitbucket's runner shows the files of the commit that it has checked out."""
    get = environment.get
    if get("GITHUB_REPOSITORY") and get("GITHUB_SHA"):
        server = get("GITHUB_SERVER_URL") or "https://github.com"
        blob = f"{server}/{get('GITHUB_REPOSITORY')}/blob/{get('GITHUB_SHA')}"
        return Links(blob + "/{path}#L{line}", get("GITHUB_WORKSPACE") or "")
    if get("CI_PROJECT_URL") and get("CI_COMMIT_SHA"):
        blob = f"{get('CI_PROJECT_URL')}/-/blob/{get('CI_COMMIT_SHA')}"
        return Links(blob + "/{path}#L{line}", get("CI_PROJECT_DIR") or "")
    if get("BITBUCKET_GIT_HTTP_ORIGIN") and get("BITBUCKET_COMMIT"):
        source = f"{get('BITBUCKET_GIT_HTTP_ORIGIN')}/src/{get('BITBUCKET_COMMIT')}"
        return Links(source + "/{path}#lines-{line}", get("BITBUCKET_CLONE_DIR") or "")
    return Links()
