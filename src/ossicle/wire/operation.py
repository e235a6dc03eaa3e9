"""An operation as a value: everything that router, authorization, parsing, client and docs need to know of it."""

from enum import Enum
from typing import Any, Final, Generic, TypeAlias, TypeVar

from ossicle.wire.records import record

DOCS: Final = "https://help.aliyun.com/zh/oss/developer-reference/"
"""Where the pages of the operations are."""

In = TypeVar("In")
Out = TypeVar("Out")


class Level(Enum):
    """What an operation addresses."""

    SERVICE = "service"
    BUCKET = "bucket"
    OBJECT = "object"


class Access(Enum):
    """What a caller needs: ACLs grant reading and writing of data to others, management never, and ACLs themselves neither."""

    READ = "read"
    WRITE = "write"
    READ_ACL = "read acl"
    WRITE_ACL = "write acl"
    MANAGE = "manage"


@record
class Operation(Generic[In, Out]):
    """One OSS operation.

    `selectors` are the query parameters that tell it from others of its method and level, as `name` or `name=value`;
    `header_selector` is the header that does; `shared_parameter` is one that it takes and that selects other operations elsewhere. `document_bytes_max` bounds a request document; 0 means the body is the object's
    bytes, or is ignored; `malformed_ec` is the EC of a malformed one. `creates_bucket` marks the few whose missing bucket is not judged before the caller is.
    `is_form` says that the body is a form, whose fields tell who calls and stand for the query and the headers of the request.
    `source` is the OSS page.
    """

    name: str
    method: str
    level: Level
    access: Access
    request: type[In]
    result: type[Out]
    source: str
    selectors: tuple[str, ...] = ()
    header_selector: bytes | None = None
    shared_parameter: str | None = None
    success_status: int = 200
    document_bytes_max: int = 0
    malformed_ec: str | None = None
    creates_bucket: bool = False
    is_form: bool = False

    @property
    def selector_pairs(self) -> tuple[tuple[str, str], ...]:
        """The selectors as parameters; an empty value stands for any."""
        pairs = (selector.partition("=") for selector in self.selectors)
        return tuple((name, value) for name, _, value in pairs)


AnyOperation: TypeAlias = Operation[Any, Any]  # type: ignore[explicit-any]  # for tables, which hold operations of all types
