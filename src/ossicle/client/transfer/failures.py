"""What ends a transfer, beside the failures of single requests that it gives as the cause.

```
ClientError
 ├─ TransferFailed
 │   ├─ UploadError
 │   ├─ DownloadError
 │   └─ CopyError
 ├─ TransferCancelled        its `cancel` was set
 └─ SourceChanged            what `unwrap` gives when the file or the object became another one on the way
```
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ossicle.client.failures import ClientError
from ossicle.wire.errors import OssError


class TransferFailed(ClientError):
    """A transfer that did not come to its end. `unwrap` gives what it met."""

    def __init__(self, what: str, error: Exception, upload_id: str | None = None) -> None:
        self.upload_id = upload_id
        self._error = error
        super().__init__(f"{what}: {error}")

    def unwrap(self) -> Exception:
        """Return the refusal or failure that ended it."""
        return self._error


class UploadError(TransferFailed):
    """An upload failed. `path` is the file; `upload_id` names a multipart upload that was left to be resumed."""

    def __init__(self, path: str, error: Exception, upload_id: str | None = None) -> None:
        self.path = path
        super().__init__(f"the upload of {path} failed", error, upload_id)


class DownloadError(TransferFailed):
    """A download failed; `path` is where it should have gone, and is as it was before."""

    def __init__(self, path: str, error: Exception) -> None:
        self.path = path
        super().__init__(f"the download to {path} failed", error)


class CopyError(TransferFailed):
    """A copy failed; `source` is `oss://BUCKET/KEY`."""

    def __init__(self, source: str, error: Exception, upload_id: str | None = None) -> None:
        self.source = source
        super().__init__(f"the copy of {source} failed", error, upload_id)


class TransferCancelled(ClientError):
    """The caller's `cancel` was set. With a checkpoint the next transfer of the same goes on from here."""


class SourceChanged(ClientError):
    """What is being moved is not any more what it was when the transfer began."""


@contextmanager
def told_as(failed: Callable[[Exception], TransferFailed]) -> Iterator[None]:
    """Say of a failure what it ended; what says so already, and a cancellation, pass."""
    try:
        yield
    except (TransferCancelled, TransferFailed):
        raise
    except (OssError, ClientError, OSError) as error:
        raise failed(error) from error
