"""Documents of inventories."""

from collections.abc import Sequence

from tests.support.inprocess import OWNER


def inventory(
    name: str,
    *,
    target: str = "lists",
    prefix: str = "p",
    frequency: str = "Daily",
    versions: str = "Current",
    fields: Sequence[str] = (),
    more: str = "",
) -> str:
    """Return an inventory of the owner's."""
    chosen = "".join(f"<Field>{field}</Field>" for field in fields)
    return (
        f"<InventoryConfiguration><Id>{name}</Id><IsEnabled>true</IsEnabled><Destination><OSSBucketDestination>"
        f"<Format>CSV</Format><AccountId>{OWNER.id}</AccountId><RoleArn>acs:ram::{OWNER.id}:role/AliyunOSSRole</RoleArn>"
        f"<Bucket>acs:oss:::{target}</Bucket><Prefix>{prefix}</Prefix></OSSBucketDestination></Destination>"
        f"<Schedule><Frequency>{frequency}</Frequency></Schedule>{more}"
        f"<IncludedObjectVersions>{versions}</IncludedObjectVersions>"
        f"<OptionalFields>{chosen}</OptionalFields></InventoryConfiguration>"
    )
