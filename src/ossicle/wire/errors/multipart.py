"""What is wrong with an upload in parts."""

from ossicle.wire.errors.oss_error import OssError


class EntityTooSmall(
    OssError,
    status=400,
    message="Your proposed upload smaller than the minimum allowed size.",
    elements={"part_number": "PartNumber", "proposed_size": "ProposedSize", "min_size_allowed": "MinSizeAllowed"},
):
    """A part that is not the last of its object has less than 100 KiB. The message is OSS's."""


class InvalidPart(
    OssError,
    status=400,
    message=(
        "One or more of the specified parts could not be found or the specified entity tag might not have matched the "
        "part's entity tag."
    ),
    elements={"upload_id": "UploadId", "part_number": "PartNumber"},
):
    """A part to be joined was not uploaded, or has another ETag."""


class InvalidPartOrder(
    OssError,
    status=400,
    message="The list of parts was not in ascending order.",
    elements={"upload_id": "UploadId", "part_number": "PartNumber"},
):
    """The numbers of the parts to be joined do not ascend."""


class PartNotSequential(
    OssError,
    status=400,
    message="The parts of a sequential upload must be uploaded in ascending order.",
    elements={"upload_id": "UploadId", "part_number": "PartNumber"},
):
    """A part came behind one of a greater number, in an upload that was begun with `sequential`. The message is ours."""


class NoSuchUpload(
    OssError,
    status=404,
    message=(
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed."
    ),
    ec="0042-00000002",
    elements={"upload_id": "UploadId"},
):
    """The upload was completed or aborted, or is one of another key. UploadPart and UploadPartCopy have an EC of their own."""
