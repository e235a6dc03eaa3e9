"""Replication of a bucket to another one."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, Header, Parameter, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record
from ossicle.wire.setting import MALFORMED_EC, Setting


@record
class ReplicationPrefixSet:
    """What keys begin with that are replicated; none is all."""

    prefixs: Annotated[tuple[str, ...], Tag("Prefix")] = ()


@record
class ReplicationDestination:
    """The bucket that is replicated to, its location, and how the bytes go there."""

    bucket: Annotated[str | None, Tag("Bucket")] = None
    location: Annotated[str | None, Tag("Location")] = None
    transfer_type: Annotated[str | None, Tag("TransferType")] = None


@record
class SseKmsEncryptedObjects:
    """Whether objects that are encrypted with keys of KMS are replicated."""

    status: Annotated[str | None, Tag("Status")] = None


@record
class ReplicationSourceSelectionCriteria:
    """What else decides which objects are replicated."""

    sse_kms_encrypted_objects: Annotated[SseKmsEncryptedObjects | None, Tag("SseKmsEncryptedObjects")] = None


@record
class ReplicationEncryptionConfiguration:
    """The key that replicas are encrypted with."""

    replica_kms_key_id: Annotated[str | None, Tag("ReplicaKmsKeyID")] = None


@record
class ReplicationTimeControl:
    """`enabled` or `disabled`: whether replication keeps to a time."""

    status: Annotated[str | None, Tag("Status")] = None


@record
class ReplicationRule:
    """One rule. `action` names what is replicated, `ALL` or operations; `status` is told only."""

    id: Annotated[str | None, Tag("ID")] = None
    rtc: Annotated[ReplicationTimeControl | None, Tag("RTC")] = None
    prefix_set: Annotated[ReplicationPrefixSet | None, Tag("PrefixSet")] = None
    action: Annotated[str | None, Tag("Action")] = None
    destination: Annotated[ReplicationDestination | None, Tag("Destination")] = None
    status: Annotated[str | None, Tag("Status")] = None
    historical_object_replication: Annotated[str | None, Tag("HistoricalObjectReplication")] = None
    sync_role: Annotated[str | None, Tag("SyncRole")] = None
    source_selection_criteria: Annotated[ReplicationSourceSelectionCriteria | None, Tag("SourceSelectionCriteria")] = (
        None
    )
    encryption_configuration: Annotated[ReplicationEncryptionConfiguration | None, Tag("EncryptionConfiguration")] = (
        None
    )


@record
class ReplicationConfiguration:
    """The rules. Kept and told; nothing is replicated."""

    rules: Annotated[tuple[ReplicationRule, ...], Tag("Rule")] = ()


@record
class ReplicationRules:
    """Rules by their ids."""

    ids: Annotated[tuple[str, ...], Tag("ID")] = ()


@record
class RtcConfiguration:
    """Whether a rule keeps to a time."""

    rtc: Annotated[ReplicationTimeControl | None, Tag("RTC")] = None
    id: Annotated[str | None, Tag("ID")] = None


@record
class TransferTypes:
    """Ways for bytes to go to a location."""

    types: Annotated[tuple[str, ...], Tag("Type")] = ()


@record
class LocationTransferType:
    """A location and the ways there."""

    location: Annotated[str | None, Tag("Location")] = None
    transfer_types: Annotated[TransferTypes | None, Tag("TransferTypes")] = None


@record
class LocationTransferTypeConstraint:
    """Locations that have ways of their own."""

    location_transfer_types: Annotated[tuple[LocationTransferType, ...], Tag("LocationTransferType")] = ()


@record
class LocationRTCConstraint:
    """Locations that can be replicated to within a time."""

    locations: Annotated[tuple[str, ...], Tag("Location")] = ()


@record
class ReplicationLocation:
    """Where a bucket can be replicated to."""

    locations: Annotated[tuple[str, ...], Tag("Location")] = ()
    location_transfer_type_constraint: Annotated[
        LocationTransferTypeConstraint | None, Tag("LocationTransferTypeConstraint")
    ] = None
    locationrtc_constraint: Annotated[LocationRTCConstraint | None, Tag("LocationRTCConstraint")] = None


@record
class ReplicationProgressInformation:
    """How much of the older objects is replicated, from 0 to 1, and up to when the newer ones are."""

    historical_object: Annotated[str | None, Tag("HistoricalObject")] = None
    new_object: Annotated[str | None, Tag("NewObject")] = None


@record
class ReplicationProgressRule:
    """A rule, and how far it is."""

    id: Annotated[str | None, Tag("ID")] = None
    prefix_set: Annotated[ReplicationPrefixSet | None, Tag("PrefixSet")] = None
    action: Annotated[str | None, Tag("Action")] = None
    destination: Annotated[ReplicationDestination | None, Tag("Destination")] = None
    status: Annotated[str | None, Tag("Status")] = None
    historical_object_replication: Annotated[str | None, Tag("HistoricalObjectReplication")] = None
    progress: Annotated[ReplicationProgressInformation | None, Tag("Progress")] = None


@record
class ReplicationProgress:
    """The rules, and how far each is."""

    rules: Annotated[tuple[ReplicationProgressRule, ...], Tag("Rule")] = ()


@record
class PutBucketReplicationRequest(RequestBase):
    """Add rules."""

    bucket: str
    replication_configuration: Annotated[ReplicationConfiguration | None, Body("ReplicationConfiguration")] = None


@record
class PutBucketReplicationResult(ResultBase):
    """The id of the rule."""

    replication_rule_id: Annotated[str | None, Header("x-oss-replication-rule-id")] = None


@record
class DeleteBucketReplicationRequest(RequestBase):
    """End rules: their status is `closing` from then on."""

    bucket: str
    replication_rules: Annotated[ReplicationRules | None, Body("ReplicationRules")] = None


@record
class DeleteBucketReplicationResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketReplicationRequest(RequestBase):
    """Ask for the rules."""

    bucket: str


@record
class GetBucketReplicationResult(ResultBase):
    """The rules."""

    replication_configuration: Annotated[ReplicationConfiguration | None, Body("ReplicationConfiguration")] = None


@record
class GetBucketReplicationLocationRequest(RequestBase):
    """Ask where the bucket can be replicated to."""

    bucket: str


@record
class GetBucketReplicationLocationResult(ResultBase):
    """The locations: the one there is."""

    replication_location: Annotated[ReplicationLocation | None, Body("ReplicationLocation")] = None


@record
class GetBucketReplicationProgressRequest(RequestBase):
    """Ask how far a rule is."""

    bucket: str
    rule_id: Annotated[str, Parameter("rule-id")]


@record
class GetBucketReplicationProgressResult(ResultBase):
    """How far it is."""

    replication_progress: Annotated[ReplicationProgress | None, Body("ReplicationProgress")] = None


@record
class PutBucketRtcRequest(RequestBase):
    """Let a rule keep to a time, or no more."""

    bucket: str
    rtc_configuration: Annotated[RtcConfiguration | None, Body("ReplicationRule")] = None


@record
class PutBucketRtcResult(ResultBase):
    """Nothing but the request id."""


PUT_BUCKET_REPLICATION: Final = Operation(
    name="PutBucketReplication",
    method="POST",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=PutBucketReplicationRequest,
    result=PutBucketReplicationResult,
    selectors=(
        "replication",
        "comp=add",
    ),
    document_bytes_max=64 * 1024,
    malformed_ec=MALFORMED_EC,
    source=DOCS + "putbucketreplication",
)
DELETE_BUCKET_REPLICATION: Final = Operation(
    name="DeleteBucketReplication",
    method="POST",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=DeleteBucketReplicationRequest,
    result=DeleteBucketReplicationResult,
    selectors=(
        "replication",
        "comp=delete",
    ),
    document_bytes_max=64 * 1024,
    malformed_ec=MALFORMED_EC,
    source=DOCS + "deletebucketreplication",
)
GET_BUCKET_REPLICATION: Final = Operation(
    name="GetBucketReplication",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=GetBucketReplicationRequest,
    result=GetBucketReplicationResult,
    selectors=("replication",),
    source=DOCS + "getbucketreplication",
)
GET_BUCKET_REPLICATION_LOCATION: Final = Operation(
    name="GetBucketReplicationLocation",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=GetBucketReplicationLocationRequest,
    result=GetBucketReplicationLocationResult,
    selectors=("replicationLocation",),
    source=DOCS + "getbucketreplicationlocation",
)
GET_BUCKET_REPLICATION_PROGRESS: Final = Operation(
    name="GetBucketReplicationProgress",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=GetBucketReplicationProgressRequest,
    result=GetBucketReplicationProgressResult,
    selectors=("replicationProgress",),
    source=DOCS + "getbucketreplicationprogress",
)
PUT_BUCKET_RTC: Final = Operation(
    name="PutBucketRTC",
    method="PUT",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=PutBucketRtcRequest,
    result=PutBucketRtcResult,
    selectors=("rtc",),
    document_bytes_max=64 * 1024,
    malformed_ec=MALFORMED_EC,
    source=DOCS + "putbucketrtc",
)

REPLICATION: Final = Setting(kind="replication", root="ReplicationConfiguration", document=ReplicationConfiguration)


OPERATIONS: Final = (
    PUT_BUCKET_REPLICATION,
    DELETE_BUCKET_REPLICATION,
    GET_BUCKET_REPLICATION,
    GET_BUCKET_REPLICATION_LOCATION,
    GET_BUCKET_REPLICATION_PROGRESS,
    PUT_BUCKET_RTC,
)
