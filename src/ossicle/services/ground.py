"""What the services that store objects stand on."""

from ossicle.ports import BlobStore, MetadataStore
from ossicle.services.collection import Collection
from ossicle.services.intake import IntakeLimits
from ossicle.services.numbering import Numbering
from ossicle.wire.records import record
from ossicle.wire.sources import Clock


@record
class Ground:
    """Both stores, and what goes with them: who numbers rows and blobs, who deletes what is dead, and the limits of a body."""

    metadata: MetadataStore
    blobs: BlobStore
    numbering: Numbering
    collection: Collection
    clock: Clock
    limits: IntakeLimits
