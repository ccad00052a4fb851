"""The review as a comment on a pull request: ``comment`` puts it together, ``machine`` writes what is told of one machine."""
