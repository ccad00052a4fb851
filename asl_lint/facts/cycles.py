"""Whether transitions of a scope can close a cycle at all: what is asked of every definition before anything is built.

Linear in the transitions, and mostly decided by the order of the text alone.
"""

from asl_lint.model.machine import Scope


def goes_back(scope: Scope) -> bool:
    """Whether a transition of the scope leads back to a state from which it is reached."""
    arrows = scope.arrows
    if arrows.go_on:
        return False
    targets = arrows.targets
    waiting = [0] * len(targets)
    for out in targets:
        for target in out:
            waiting[target] += 1
    free = [i for i, count in enumerate(waiting) if count == 0]
    seen = 0
    while free:
        seen += 1
        for target in targets[free.pop()]:
            waiting[target] -= 1
            if waiting[target] == 0:
                free.append(target)
    return seen < len(targets)
