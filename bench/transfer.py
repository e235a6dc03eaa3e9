"""One large file up and down: `ossicle cp` beside the official SDK's transfer manager, on the same server, in turn.

Each transfer is a process of its own, so that its peak memory is the transfer's and start-up is paid by both.
"""

import filecmp
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.machine import peak_memory_bytes
from bench.servers import HOST, KEYS, Ossicle
from bench.target import BUCKET, Target

_BLOCK_BYTES: Final = 16 * 1024 * 1024
_LOOK_SECONDS: Final = 0.01
_OFFICIAL: Final = """
import sys
import alibabacloud_oss_v2 as oss

verb, key, path, endpoint, region = sys.argv[1:]
config = oss.config.load_default()
config.credentials_provider = oss.credentials.EnvironmentVariableCredentialsProvider()
config.region, config.endpoint = region, endpoint
client = oss.Client(config)
if verb == "upload":
    client.uploader().upload_file(oss.PutObjectRequest(bucket="bench", key=key), path)
else:
    client.downloader().download_file(oss.GetObjectRequest(bucket="bench", key=key), path)
"""


class TransferFailed(Exception):
    """A transfer ended otherwise than with the file it should have made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One transfer by one program."""

    program: str
    verb: str
    round: int
    file_bytes: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Usage:
    seconds: float
    cpu_seconds: float
    peak_bytes: int


def measure_transfers(
    peer: Ossicle, directory: Path, *, file_bytes: int, rounds: int, say: Callable[[str], None]
) -> list[Transfer]:
    """Upload and download a file of random bytes with each program, `rounds` times, who begins taking turns.

    Raises:
        TransferFailed: a program failed, or what came back is not what went out.
    """
    source = directory / "source"
    _write(source, file_bytes)
    transfers = []
    for number in range(rounds):
        programs = [("ossicle cp", _own), ("official SDK V2", _official)]
        for name, command in programs if number % 2 == 0 else programs[::-1]:
            key = f"{name.replace(' ', '-')}/{number}"
            for verb in ("upload", "download"):
                path = source if verb == "upload" else directory / "copy"
                os.sync()
                usage = _run(command(verb, key, path, peer.target), _environment())
                transfers.append(
                    Transfer(
                        program=name,
                        verb=verb,
                        round=number,
                        file_bytes=file_bytes,
                        seconds=usage.seconds,
                        cpu_seconds=usage.cpu_seconds,
                        peak_bytes=usage.peak_bytes,
                    )
                )
                say(f"round {number + 1}  {verb:<8} {name:<16} {file_bytes / usage.seconds / 1e6:8.0f} MB/s")
            if not filecmp.cmp(source, directory / "copy", shallow=False):
                raise TransferFailed(f"{name} did not bring back what it had uploaded")
            (directory / "copy").unlink()
    return transfers


def render_transfers(transfers: Sequence[Transfer]) -> str:
    """Return a Markdown table with a row for each program and direction."""
    lines = [
        ["transfer", "program", "seconds", "MB/s", "client CPU s", "client peak MiB"],
        ["---", "---", "---:", "---:", "---:", "---:"],
    ]
    for verb in ("upload", "download"):
        for program in dict.fromkeys(item.program for item in transfers):
            mine = [item for item in transfers if (item.verb, item.program) == (verb, program)]
            seconds = [item.seconds for item in mine]
            lines.append(
                [
                    verb,
                    program,
                    f"{statistics.median(seconds):.1f} ({min(seconds):.1f} to {max(seconds):.1f})",
                    f"{mine[0].file_bytes / statistics.median(seconds) / 1e6:,.0f}",
                    f"{statistics.median(item.cpu_seconds for item in mine):.1f}",
                    f"{statistics.median(item.peak_bytes for item in mine) / 2**20:.0f}",
                ]
            )
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _own(verb: str, key: str, path: Path, target: Target) -> list[str]:
    there, here = f"oss://{BUCKET}/{key}", str(path)
    names = [here, there] if verb == "upload" else [there, here]
    options = ["--endpoint", f"http://{HOST}:{target.port}", "--region", KEYS.region, "--quiet"]
    return [sys.executable, "-m", "ossicle", "cp", *names, *options]


def _official(verb: str, key: str, path: Path, target: Target) -> list[str]:
    return [sys.executable, "-c", _OFFICIAL, verb, key, str(path), f"http://{HOST}:{target.port}", KEYS.region]


def _environment() -> Mapping[str, str]:
    keys = {"OSS_ACCESS_KEY_ID": KEYS.access_key_id, "OSS_ACCESS_KEY_SECRET": KEYS.access_key_secret}
    return {**os.environ, **keys}


def _run(command: Sequence[str], environment: Mapping[str, str]) -> _Usage:
    """Run a program to its end. Its peak is looked at while it runs: what the system tells afterwards counts this process too."""
    began, peak = time.perf_counter(), 0
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=errors)
        while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
            peak = max(peak, peak_memory_bytes(process.pid) or 0)
            time.sleep(_LOOK_SECONDS)
        _, status, usage = ended
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            raise TransferFailed(f"{' '.join(command[:4])} ended with {process.returncode}: {errors.read().decode()}")
    return _Usage(seconds=time.perf_counter() - began, cpu_seconds=usage.ru_utime + usage.ru_stime, peak_bytes=peak)


def _write(path: Path, file_bytes: int) -> None:
    block = random.Random(file_bytes).randbytes(min(_BLOCK_BYTES, file_bytes))
    with path.open("wb") as file:
        for number in range(file_bytes // len(block)):
            # Every block differs, so that parts which changed places are seen.
            file.write(number.to_bytes(8, "big") + block[8:])
