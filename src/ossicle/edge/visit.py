"""One request on its way, with what becomes known of it."""

from dataclasses import dataclass

from ossicle.edge.body import RequestBody
from ossicle.model.objects import Bucket
from ossicle.services.forms import Form
from ossicle.services.identity import ANONYMOUS, Principal
from ossicle.wire.errors import OssError
from ossicle.wire.http import RawHeaders, Request, Resource


@dataclass(slots=True, kw_only=True)
class Visit:
    """What there is to tell of a request, to metrics and to the access log, whatever became of it. `started` is in seconds.

    `asked` is the operation's request, once it is understood, and `answered` are the headers that the operation answers with.

    `administered` is what the administration was asked, in fields that may be told, and which key it made.

    `explanation` is the id of what explains a refusal, empty where nothing does.
    """

    request: Request
    request_id: str
    scheme: str
    remote: str
    started: float
    body: RequestBody
    takes_files: bool = False
    resource: Resource | None = None
    bucket: Bucket | None = None
    operation: str = "-"
    principal: Principal = ANONYMOUS
    error: OssError | None = None
    form: Form | None = None
    asked: object = None
    administered: dict[str, object] | None = None
    answered: RawHeaders = ()
    status: int = 0
    sent_bytes: int = 0
    is_charged: bool = False
    speaks_json: bool = False
    cors: list[tuple[str, str]] | tuple[()] = ()
    explanation: str = ""

    @property
    def code(self) -> str:
        """The OSS error code; empty for success."""
        return "" if self.error is None else self.error.code
