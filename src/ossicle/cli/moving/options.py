"""What a user of `cp` chooses about how things are moved."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, Final

import click

from ossicle.cli.failures import describe
from ossicle.cli.groups import group_of_options
from ossicle.cli.names import parse_pair
from ossicle.cli.sizes import size_of_at_least

if TYPE_CHECKING:
    from ossicle.client.sync import Client

KIB: Final = 1024
THRESHOLD: Final = "16M"


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What is overwritten, how it is cut, and what the object gets besides its bytes."""

    update: bool
    no_clobber: bool
    force: bool
    jobs: int
    parallel: int
    part_size: int | None
    bigfile_threshold: int
    checkpoint_dir: Path | None
    content_type: str | None
    meta: tuple[str, ...]
    acl: str | None
    storage_class: str | None
    version_id: str | None
    enable_symlink_dir: bool
    disable_all_symlink: bool

    @property
    def metadata(self) -> dict[str, str] | None:
        """User metadata by name."""
        return dict(parse_pair(text, "=", "name=value") for text in self.meta) or None

    def check(self) -> None:
        """Refuse what can't be understood, before anything is done.

        Raises:
            BadParameter: metadata without a name or a value.
        """
        _ = self.metadata

    def folder_of_checkpoints(self) -> Path:
        """Return the folder, made so that nobody else can look into it.

        Raises:
            OSError: it can't be made, or nothing can be written there.
        """
        folder = self.checkpoint_dir or state_folder() / "checkpoints"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with TemporaryFile(dir=folder):  # what else would tell of every reason for which nothing can be written?
            return folder

    def is_big(self, size: int | None) -> bool:
        """Whether something of this size is moved in parts and can be resumed."""
        return size is not None and size >= self.bigfile_threshold


def state_folder() -> Path:
    """Return the folder of what this program remembers: `$XDG_STATE_HOME/ossicle`, or `~/.local/state/ossicle`."""
    given = os.environ.get("XDG_STATE_HOME")
    return (Path(given) if given else Path.home() / ".local" / "state") / "ossicle"


@dataclass(frozen=True, kw_only=True)
class Mover:
    """A client, what the user chose, the event that ends everything, and who is warned: what every task needs."""

    client: "Client"
    choices: Choices
    cancel: Event
    warn: Callable[[str], object]
    lock: Lock = field(default_factory=Lock, init=False, repr=False)

    def is_resumable(self, size: int | None) -> bool:
        """Whether it is noted how far something of this size is."""
        return self.choices.is_big(size) and self._checkpoints() is not None

    def transfer(self, make: Callable[..., Any], size: int) -> Any:
        """Return an uploader or downloader for something of this size.

        What is small goes in one piece; what is big in parts, with a checkpoint that the same command finds again.
        """
        choices = self.choices
        if not choices.is_big(size):
            return make(part_size=max(choices.bigfile_threshold, 100 * KIB), parallel_num=1, cancel=self.cancel)
        options: dict[str, Any] = {"parallel_num": choices.parallel, "cancel": self.cancel}
        if choices.part_size is not None:
            options["part_size"] = choices.part_size
        if folder := self._checkpoints():
            options |= {"enable_checkpoint": True, "checkpoint_dir": str(folder)}
        return make(**options)

    def _checkpoints(self) -> Path | None:
        """Return the folder of checkpoints; None, and one warning, where there can't be any."""
        with self.lock:
            return self._found

    @cached_property
    def _found(self) -> Path | None:
        try:
            return self.choices.folder_of_checkpoints()
        except (OSError, RuntimeError) as error:  # without a home there is no path at all
            why = describe(error) if isinstance(error, OSError) else str(error)
            self.warn(
                f"{why}: what is interrupted can't be resumed; --checkpoint-dir names another folder to note it in"
            )
            return None


choices_options = group_of_options(
    "choices",
    Choices,
    (
        click.option("--update", "-u", is_flag=True, help="Only what is missing or older at the target."),
        click.option(
            "--no-clobber", "--ignore-existing", "-n", is_flag=True, help="Leave alone what the target has already."
        ),
        click.option("--force", "-f", is_flag=True, help="Overwrite without asking, as it is done anyway."),
        click.option(
            "--jobs",
            "-j",
            type=click.IntRange(1, 100),
            default=3,
            show_default=True,
            metavar="N",
            help="Files at a time.",
        ),
        click.option(
            "--parallel",
            type=click.IntRange(1, 100),
            default=3,
            show_default=True,
            metavar="N",
            help="Parts of a big file at a time.",
        ),
        click.option(
            "--part-size",
            type=size_of_at_least(100 * KIB),
            metavar="SIZE",
            help="Bytes of a part, such as 8M or 1GiB.  [default: by size]",
        ),
        click.option(
            "--bigfile-threshold",
            type=size_of_at_least(1),
            default=THRESHOLD,
            show_default=True,
            metavar="SIZE",
            help="From this size on a file goes in parts and can be resumed.",
        ),
        click.option(
            "--checkpoint-dir",
            type=click.Path(path_type=Path, file_okay=False),
            metavar="PATH",
            help="Where is noted how far big files are.  [default: ~/.local/state/ossicle/checkpoints]",
        ),
        click.option("--content-type", metavar="TYPE", help="Content-Type of the objects.  [default: by their name]"),
        click.option(
            "--meta", multiple=True, metavar="NAME=VALUE", help="User metadata, as x-oss-meta-NAME. Repeatable."
        ),
        click.option("--acl", metavar="ACL", help="ACL of the objects, such as public-read."),
        click.option("--storage-class", metavar="CLASS", help="Storage class, such as IA."),
        click.option("--version-id", metavar="ID", help="This version of the one object that is copied."),
        click.option("--enable-symlink-dir", is_flag=True, help="Follow symbolic links to directories too."),
        click.option("--disable-all-symlink", is_flag=True, help="Leave out symbolic links."),
    ),
)
"""Gives a command its `choices`."""
