"""The same as `local_file`, for a client in an event loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

from ossicle.client.local_file import replacing


@asynccontextmanager
async def replacing_async(path: Path) -> AsyncIterator[IO[bytes]]:
    """See `replacing`; what it does to the disk is done in a thread."""
    beside = replacing(path)
    file = await asyncio.to_thread(beside.__enter__)
    try:
        yield file
    except BaseException as error:
        await asyncio.to_thread(beside.__exit__, type(error), error, error.__traceback__)
        raise
    await asyncio.to_thread(beside.__exit__, None, None, None)
