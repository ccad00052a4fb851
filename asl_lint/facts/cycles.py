"""Whether transitions of a scope can close a cycle at all: what is asked of every definition before anything is built.

Linear in the transitions, and mostly decided by the order of the text alone.
"""

from asl_lint.model.machine import Scope


def goes_back(scope: Scope) -> bool:
    """Whether a transition of the scope leads back to a state from which it is reached."""
    position = {name: i for i, name in enumerate(scope.states)}
    targets: list[list[int]] = []
    is_ordered = True
    for i, state in enumerate(scope.states.values()):
        out = [position[t.target] for t in state.transitions() if isinstance(t.target, str) and t.target in position]
        targets.append(out)
        is_ordered = is_ordered and all(target > i for target in out)
    if is_ordered:
        return False
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
