"""The header that names the object to be copied: `/BUCKET/KEY`, percent-encoded, with `?versionId=ID` for one version of it."""

from collections.abc import Mapping
from typing import Final

from ossicle.wire.errors import InvalidArgument
from ossicle.wire.names import parse_bucket_name, parse_object_key
from ossicle.wire.text import decode, encode, percent_decode, percent_decode_query, percent_encode, percent_encode_path

COPY_SOURCE: Final = "x-oss-copy-source"
_VERSION: Final = b"?versionId="


def parse_copy_source(text: str) -> Mapping[str, str | None]:
    """Return `source_bucket`, `source_key` and `source_version_id` of a header as it came.

    The leading slash may be missing. The key is decoded once; a plus sign is a space, as some SDKs write it.

    Raises:
        InvalidArgument: bucket or key is missing.
        InvalidBucketName, InvalidObjectName: it breaks the rules of names.
    """
    # OSS: the plus sign is what the first Go SDK makes of a space; what the real service makes of it is unverified.
    path, mark, version_id = encode(text).rpartition(_VERSION)
    if not mark:
        path, version_id = version_id, b""
    bucket, _, key = percent_decode_query(path).removeprefix(b"/").partition(b"/")
    if not bucket or not key:
        raise InvalidArgument(
            "Copy Source must mention the source bucket and key: /sourcebucket/sourcekey.",
            argument_name=COPY_SOURCE,
            argument_value=text,
        )
    return {
        "source_bucket": parse_bucket_name(decode(bucket)),
        "source_key": parse_object_key(key),
        "source_version_id": decode(percent_decode(version_id)) if mark else None,
    }


def render_copy_source(bucket: str, key: str, version_id: str | None) -> str:
    """Return the header for an object, or one version of it."""
    path = f"/{bucket}/{percent_encode_path(encode(key))}"
    return path if version_id is None else f"{path}{_VERSION.decode('ascii')}{percent_encode(encode(version_id))}"
