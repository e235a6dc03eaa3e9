"""How much is stored in a bucket."""

from ossicle.operations.context import Context
from ossicle.operations.registry import handles
from ossicle.wire.api.bucket_stat import GET_BUCKET_STAT, GetBucketStatRequest, GetBucketStatResult
from ossicle.wire.names import StorageClass


@handles(GET_BUCKET_STAT)
async def get_bucket_stat(context: Context, _: GetBucketStatRequest) -> GetBucketStatResult:
    """Count what is in a bucket, as it is now."""
    usage, moment = await context.services.buckets.usage(context.bucket)
    counts, sizes = usage.counts, usage.sizes
    ia, archive = StorageClass.IA, StorageClass.ARCHIVE
    cold, deep = StorageClass.COLD_ARCHIVE, StorageClass.DEEP_COLD_ARCHIVE
    # OSS: the storage that is charged may be more than the real one; nothing is charged here.
    return GetBucketStatResult(
        storage=sum(sizes.values()),
        object_count=sum(counts.values()),
        multi_part_upload_count=usage.uploads,
        multi_part_part_count=usage.parts,
        live_channel_count=0,
        last_modified_time=int(moment.timestamp()),
        standard_storage=sizes.get(StorageClass.STANDARD, 0),
        standard_object_count=counts.get(StorageClass.STANDARD, 0),
        infrequent_access_storage=sizes.get(ia, 0),
        infrequent_access_real_storage=sizes.get(ia, 0),
        infrequent_access_object_count=counts.get(ia, 0),
        archive_storage=sizes.get(archive, 0),
        archive_real_storage=sizes.get(archive, 0),
        archive_object_count=counts.get(archive, 0),
        cold_archive_storage=sizes.get(cold, 0),
        cold_archive_real_storage=sizes.get(cold, 0),
        cold_archive_object_count=counts.get(cold, 0),
        deep_cold_archive_storage=sizes.get(deep, 0),
        deep_cold_archive_real_storage=sizes.get(deep, 0),
        deep_cold_archive_object_count=counts.get(deep, 0),
        delete_marker_count=usage.delete_markers,
    )
