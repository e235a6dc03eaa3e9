"""Lifecycles without a server: the data directory is taken, what is due is done, and the directory is let go."""

from datetime import datetime

from ossicle.app.settings import ServerSettings
from ossicle.app.wiring import Installation
from ossicle.services.lifecycles import Tally


async def run_lifecycles(settings: ServerSettings, moment: datetime, *, is_dry: bool) -> Tally:
    """Do what is due at a moment in all buckets, or, dry, only count it.

    Raises:
        StoreUnavailable: a server has the data directory, or it can't be used.
    """
    installation = await Installation.open(settings)
    try:
        tally = await installation.lifecycles.run(moment, is_dry=is_dry)
        await installation.collection.delete_condemned()
        return tally
    finally:
        await installation.close()
