"""What a handler has at hand besides its typed input."""

from ossicle.model.objects import Bucket
from ossicle.services.appends import Appends
from ossicle.services.attributes import Attributes
from ossicle.services.body import Body, ReceivedBody
from ossicle.services.buckets import Buckets
from ossicle.services.callbacks import Callbacks
from ossicle.services.copies import Copies
from ossicle.services.forms import Form
from ossicle.services.ground import Ground
from ossicle.services.identity import Principal
from ossicle.services.links import Links
from ossicle.services.objects import Objects
from ossicle.services.pacing import PacedBody, Pacing
from ossicle.services.uploads import Uploads
from ossicle.services.worms import Worms
from ossicle.wire.http import Headers, Query
from ossicle.wire.names import AccountId
from ossicle.wire.records import record
from ossicle.wire.sources import Clock


@record
class Site:
    """What this server calls itself towards the caller."""

    region: str
    extranet_endpoint: str
    intranet_endpoint: str

    @property
    def location(self) -> str:
        """The region as OSS writes a location."""
        return f"oss-{self.region}"


@record
class Services:
    """What handlers call."""

    buckets: Buckets
    objects: Objects
    uploads: Uploads
    copies: Copies
    appends: Appends
    links: Links
    attributes: Attributes
    worms: Worms
    callbacks: Callbacks
    pacing: Pacing

    @classmethod
    def on(cls, ground: Ground, *, buckets: Buckets, callbacks: Callbacks, pacing: Pacing | None = None) -> "Services":
        """Return all services of one ground."""
        objects, uploads = Objects(ground), Uploads(ground)
        return cls(
            buckets=buckets,
            objects=objects,
            uploads=uploads,
            copies=Copies(ground, objects=objects, uploads=uploads),
            appends=Appends(ground),
            links=Links(ground),
            attributes=Attributes(ground.metadata),
            worms=Worms(buckets, ground.numbering, ground.clock),
            callbacks=callbacks,
            pacing=pacing or Pacing(),
        )


@record
class Context:
    """One request, judged: the caller is known and allowed, and not one byte of the body has been asked for."""

    principal: Principal
    bucket_row: Bucket | None
    headers: Headers
    query: Query
    body: ReceivedBody
    services: Services
    clock: Clock
    site: Site
    request_id: str
    remote: str
    """The address of the caller."""
    form_received: Form | None = None

    @property
    def bucket(self) -> Bucket:
        """The bucket addressed; its existence was judged by the edge."""
        if self.bucket_row is None:
            raise LookupError("this operation addresses no existing bucket")
        return self.bucket_row

    @property
    def form(self) -> Form:
        """The form that is the body of an operation with one; the edge has read its fields."""
        if self.form_received is None:
            raise LookupError("this operation takes no form")
        return self.form_received

    def paced(self, body: Body, bits_per_second: int | None) -> Body:
        """Return the body of this request, or what is read from it, at the pace that was asked for; None for no pace."""
        if bits_per_second is None:
            return body
        return PacedBody(body, self.services.pacing.pace(bits_per_second), self.body.take_slowly)

    @property
    def account(self) -> AccountId:
        """The caller's account; anonymous callers were refused by the edge."""
        if self.principal.account is None:
            raise LookupError("this operation is never anonymous")
        return self.principal.account
