"""What transfers return. Field names are those of the official Python SDK V2."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadResult:
    """The object that an upload made. `upload_id` is None if it went in one piece; `etag` is quoted, `hash_crc64` decimal."""

    upload_id: str | None = None
    etag: str | None = None
    hash_crc64: str | None = None
    version_id: str | None = None
    status_code: int = 0
    request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyResult(UploadResult):
    """The object that a copy made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadResult:
    """`written` bytes are in the file, those of an earlier run included."""

    written: int
