"""What the server could reach if it had less to do: the floors that its own rates are held against, in the same run."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.clone import ROOT
from bench.servers import Ossicle
from bench.works import Work


class _Floor(Ossicle):
    """This build's server with one thing left out."""

    is_floor = True
    gives_back = False
    _leaves_out: str
    _works: tuple[str, ...]

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._program = [sys.executable, "-m", "bench.floor_server", self._leaves_out]

    def takes(self, work: Work) -> bool:
        return work.name.startswith(self._works)

    def _environment(self) -> Mapping[str, str]:
        places = [str(ROOT), os.environ.get("PYTHONPATH", "")]
        return {**super()._environment(), "PYTHONPATH": os.pathsep.join(filter(None, places))}


class EmptyApplication(_Floor):
    """An application that answers with 4 KiB and looks at nothing, behind the server's own protocol."""

    name = "empty"
    terms = "an ASGI application that does nothing, behind Ossicle's protocol"
    _leaves_out = "empty"
    _works = ("get-4k",)


class HashOnly(_Floor):
    """The whole server, but for the bytes of files: they go into the digest and nowhere else."""

    name = "hash-only"
    terms = "Ossicle that hashes bodies and keeps none of their bytes, no fsync"
    _leaves_out = "hash"
    _works = ("put-1m", "put-16m", "put-256m")

    def _command(self) -> Sequence[str]:
        return [*super()._command(), "--durability", "relaxed"]
