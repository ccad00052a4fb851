"""``asl-lint completion``: shell completion, as click makes it."""

import click

_SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(_SHELLS))
def completion(shell: str) -> None:
    """Print the completion script of a shell.

    \b
    bash: asl-lint completion bash > ~/.local/share/bash-completion/completions/asl-lint
    zsh:  asl-lint completion zsh > "${fpath[1]}/_asl-lint"
    fish: asl-lint completion fish > ~/.config/fish/completions/asl-lint.fish
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(click.get_current_context().find_root().command, {}, "asl-lint", "_ASL_LINT_COMPLETE").source())
