"""Operations that OSS has and Ossicle does not bind yet: known by name, so that a caller is told NotImplemented and which one.

Completeness is safety. A sub-resource that is missing here counts as an unknown parameter, and those are ignored: `DELETE ?live` on
a key would delete the object.
"""

from typing import Final

from ossicle.wire.binding import RequestBase, ResultBase
from ossicle.wire.operation import DOCS, Access, Level, Operation

_SERVICE: Final = (
    ("DoDataPipelineAction", "POST", "dataPipeline"),
    ("ListAccessPoints", "GET", "accessPoint"),
    ("ListCloudBoxes", "GET", "cloudboxes"),
)
_BUCKET: Final = (
    ("CreateAccessPoint", "PUT", "accessPoint"),
    ("GetAccessPoint", "GET", "accessPoint"),
    ("DeleteAccessPoint", "DELETE", "accessPoint"),
    ("OpenMetaQuery", "POST", "metaQuery&comp=add"),
    ("DoMetaQuery", "POST", "metaQuery&comp=query"),
    ("CloseMetaQuery", "POST", "metaQuery&comp=delete"),
    ("GetMetaQueryStatus", "GET", "metaQuery"),
    ("DoMetaQueryAction", "POST", "MetaQuery"),
    ("CreateBucketMetadataConfiguration", "POST", "metadataConfiguration"),
    ("GetBucketMetadataConfiguration", "GET", "metadataConfiguration"),
    ("DeleteBucketMetadataConfiguration", "DELETE", "metadataConfiguration"),
    ("UpdateBucketMetadataInventoryTableConfiguration", "PUT", "metadataInventoryTable"),
    ("UpdateBucketMetadataJournalTableConfiguration", "PUT", "metadataJournalTable"),
    ("PutBucketAsyncFetchTask", "POST", "asyncFetch"),
    ("GetBucketAsyncFetchTask", "GET", "asyncFetch"),
    ("ListLiveChannel", "GET", "live"),
)
_OBJECT: Final = (
    ("ProcessImage", "GET", "x-oss-process"),
    ("ProcessObject", "POST", "x-oss-process"),
    ("AsyncProcessObject", "POST", "x-oss-async-process"),
    ("PutLiveChannel", "PUT", "live"),
    ("GetLiveChannel", "GET", "live"),
    ("DeleteLiveChannel", "DELETE", "live"),
    ("PostVodPlaylist", "POST", "vod"),
    ("GetVodPlaylist", "GET", "vod"),
)
# Those that follow OSS's pattern: noun, sub-resource, methods.
_BUCKET_SETTINGS: Final = (("AccessPointPolicy", "accessPointPolicy", "GET PUT DELETE"),)

Unserved = Operation[RequestBase, ResultBase]
Rows = tuple[tuple[str, str, str], ...]


def _operation(level: Level, name: str, method: str, selectors: str) -> Unserved:
    return Operation(
        name=name,
        method=method,
        level=level,
        access=Access.MANAGE,
        request=RequestBase,
        result=ResultBase,
        selectors=tuple(selectors.split("&")) if selectors else (),
        source=DOCS + name.lower(),
    )


def _known(level: Level, rows: Rows, settings: Rows) -> tuple[Unserved, ...]:
    regular = (
        (method.capitalize() + noun, method, selector)
        for noun, selector, methods in settings
        for method in methods.split()
    )
    return tuple(_operation(level, *row) for row in (*rows, *regular))


OPERATIONS: Final[tuple[Unserved, ...]] = (
    *_known(Level.SERVICE, _SERVICE, ()),
    *_known(Level.BUCKET, _BUCKET, _BUCKET_SETTINGS),
    *_known(Level.OBJECT, _OBJECT, ()),
)
