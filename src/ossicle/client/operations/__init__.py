"""The operations as methods of the clients, a class a family; `*_async` is the same awaited. A test holds them complete."""

from ossicle.client.operations.buckets import BucketOperations
from ossicle.client.operations.buckets_async import AsyncBucketOperations
from ossicle.client.operations.cloud import CloudOperations
from ossicle.client.operations.cloud_async import AsyncCloudOperations
from ossicle.client.operations.objects import ObjectOperations
from ossicle.client.operations.objects_async import AsyncObjectOperations
from ossicle.client.operations.reports import ReportOperations
from ossicle.client.operations.reports_async import AsyncReportOperations
from ossicle.client.operations.settings import SettingOperations
from ossicle.client.operations.settings_async import AsyncSettingOperations
from ossicle.client.operations.worm import WormOperations
from ossicle.client.operations.worm_async import AsyncWormOperations


class Operations(
    CloudOperations, BucketOperations, SettingOperations, WormOperations, ReportOperations, ObjectOperations
):
    """One method an operation, and a paginator for each listing that has pages."""


class AsyncOperations(
    AsyncCloudOperations,
    AsyncBucketOperations,
    AsyncSettingOperations,
    AsyncWormOperations,
    AsyncReportOperations,
    AsyncObjectOperations,
):
    """One method an operation, and a paginator for each listing that has pages."""


__all__ = ["AsyncOperations", "Operations"]
