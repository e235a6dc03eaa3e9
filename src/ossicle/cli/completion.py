"""`ossicle completion`: what makes a shell complete commands, options and names of objects."""

import os
from typing import Final

import click
from click.shell_completion import BashComplete, CompletionItem, ShellComplete, get_completion_class, split_arg_string

from ossicle.cli.failures import DONE

SHELLS: Final = ("bash", "zsh", "fish")
VARIABLE: Final = "_OSSICLE_COMPLETE"
_SECONDS: Final = 2.0
_ITEMS_MAX: Final = 200

# Bash takes ":" for the end of a word, so that of oss://b/k it would complete //b/k only: the line is split here instead, and what is
# before the last ":" is taken off again.
_BASH: Final = r"""%(complete_func)s() {
    local IFS=$'\n' line="${COMP_LINE:0:COMP_POINT}" word reply kind value
    word="${line##*[[:space:]]}"
    local before="${word%%"${word##*[:=]}"}"
    COMPREPLY=()
    while IFS=',' read -r kind value; do
        case "$kind" in
            plain)
                COMPREPLY+=("${value#"$before"}")
                [[ $value == */ || $value == oss:* ]] && compopt -o nospace 2>/dev/null ;;
            file) compopt -o default 2>/dev/null ;;
            dir) compopt -o dirnames 2>/dev/null ;;
        esac
    done < <(COMP_LINE="$line" %(complete_var)s=bash_complete "$1")
    return 0
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""


class OurBash(BashComplete):
    """Bash, with names that have a colon in them."""

    source_template = _BASH

    def source(self) -> str:
        """Return the script; no version of bash is asked for."""
        return ShellComplete.source(self)

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the cursor, and the one it stands in."""
        line = os.environ["COMP_LINE"]
        words = split_arg_string(line)[1:]
        if not words or line[-1:].isspace():
            return words, ""
        return words[:-1], words[-1]


@click.command
@click.argument("shell", type=click.Choice(SHELLS))
def completion(*, shell: str) -> None:
    """Print what makes a shell complete commands, options and oss://BUCKET/KEY.

    bash: eval "$(ossicle completion bash)" in ~/.bashrc; zsh the same in ~/.zshrc; fish: ossicle completion fish | source.
    """
    from ossicle.cli.program import program

    kind = class_of(shell)
    print(kind(program, {}, "ossicle", VARIABLE).source())


def class_of(shell: str) -> type[ShellComplete]:
    """Return what speaks to a shell."""
    found = OurBash if shell == "bash" else get_completion_class(shell)
    if found is None:
        raise click.BadParameter(f"{shell!r} is none of {', '.join(SHELLS)}")
    return found


def answer(program: click.Command, asked: str) -> int:
    """Answer a shell that completes a line: `asked` is what its script says, such as `bash_complete`."""
    shell = asked.partition("_")[0]
    print(class_of(shell)(program, {}, "ossicle", VARIABLE).complete())
    return DONE


def complete_name(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the names that begin so: buckets, then one level of keys after another. Silent where the server is."""
    if not incomplete.startswith("oss://"):
        items = [CompletionItem("oss://")] if incomplete and "oss://".startswith(incomplete) else []
        return items or [CompletionItem(incomplete, type="file")]
    try:
        return [CompletionItem(name) for name in _names(ctx, incomplete)]
    except Exception:
        return []  # nobody wants an error in the middle of a line


def _names(ctx: click.Context, incomplete: str) -> list[str]:
    from dataclasses import fields
    from itertools import islice

    from ossicle.cli.connection import Connection
    from ossicle.cli.listing import buckets_of, pages_of
    from ossicle.cli.names import SCHEME, parse_name

    given = {item.name: ctx.params.get(item.name) for item in fields(Connection)}
    given |= {"connect_timeout": _SECONDS, "read_timeout": _SECONDS}
    bucket, slash, _ = incomplete.removeprefix(SCHEME).partition("/")
    with Connection(**given).client() as client:  # type: ignore[arg-type]  # as the options have them
        if not slash:
            names = (f"{SCHEME}{item.name}/" for item in buckets_of(client))
            return list(islice((name for name in names if name.startswith(incomplete)), _ITEMS_MAX))
        page = next(pages_of(client, parse_name(incomplete), delimiter="/", page=_ITEMS_MAX))
    keys = [group.prefix or "" for group in page.common_prefixes] + [item.key or "" for item in page.contents]
    return [f"{SCHEME}{bucket}/{key}" for key in sorted(keys) if key.isprintable()]
