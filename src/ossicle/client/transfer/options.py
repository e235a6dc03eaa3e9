"""The options of transfers, as `Client.uploader` and its siblings take them; `Uploader`, `Downloader` and `Copier` say what they mean."""

import os
from typing import TypedDict

from ossicle.client.transfer.ledger import Cancel


class CopierOptions(TypedDict, total=False):
    """See `Copier`."""

    part_size: int
    parallel_num: int
    leave_parts_on_error: bool
    cancel: Cancel | None


class UploaderOptions(CopierOptions, total=False):
    """See `Uploader`."""

    enable_checkpoint: bool
    checkpoint_dir: str | os.PathLike[str] | None


class DownloaderOptions(TypedDict, total=False):
    """See `Downloader`."""

    part_size: int
    parallel_num: int
    use_temp_file: bool
    enable_checkpoint: bool
    checkpoint_dir: str | os.PathLike[str] | None
    verify_data: bool
    cancel: Cancel | None
