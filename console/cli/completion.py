"""`helpdesk completion`: the script by which a shell completes commands and options."""

import click
from click.shell_completion import get_completion_class

from console.cli import output
from console.cli.session import Session
from console.cli.session import command as made

VARIABLE = "_HELPDESK_COMPLETE"
PLACES = {
    "bash": "~/.local/share/bash-completion/completions/helpdesk",
    "zsh": "a folder of $fpath, as _helpdesk (such as ~/.zfunc/_helpdesk)",
    "fish": "~/.config/fish/completions/helpdesk.fish",
}
SHELLS = tuple(PLACES)


@made(
    "completion",
    click.Argument(["shell"], type=click.Choice(SHELLS)),
    text="Print the completion script for a shell. Save it where the shell looks for it, then open a new one:\n\n\b\n"
    + "\n".join(f"  {shell:<5} {place}" for shell, place in PLACES.items()),
    examples="""
    helpdesk completion bash > ~/.local/share/bash-completion/completions/helpdesk
    helpdesk completion fish > ~/.config/fish/completions/helpdesk.fish
    """,
    json=False,
)
async def command(_session: Session, shell: str) -> None:
    """Write the script to standard output; where to put it is its first line."""
    from console.cli.root import root

    kind = get_completion_class(shell)
    assert kind is not None
    values = kind(root, {}, "helpdesk", VARIABLE).source_vars()
    script = (kind.source_template % values).strip()
    head, rest = ("", script)
    if shell == "zsh":  # its first line must stay the first
        head, _, rest = script.partition("\n")
        head += "\n"
    output.say(f"{head}# Save this as {PLACES[shell]}\n{rest}")
