"""What is wrong with a form that a browser posts, or with the policy that allows it."""

from ossicle.wire.errors.oss_error import OssError


class FieldItemTooLong(OssError, status=400, message="Your name of form field is too long."):
    """A field's name is beyond 8 KB, or its value beyond 2 MB. The message is OSS's."""


class IncorrectNumberOfFilesInPOSTRequest(
    OssError, status=400, message="POST requires exactly one file upload per request."
):
    """The form has no field `file`, or two."""


class InvalidPolicyDocument(OssError, status=400, message="Invalid Policy."):
    """The policy of a form is not base64 of JSON, or not of a policy's shape; the message tells where."""


class MalformedPOSTRequest(
    OssError, status=400, message="The body of your POST request is not well-formed multipart/form-data."
):
    """There is no boundary, a part has no name, or the form ends before its last boundary."""


class MaxPOSTPreDataLengthExceededError(
    OssError, status=400, message="Your POST request fields preceding the upload file were too large."
):
    """All that stands before the file is more than a server holds in memory."""


class RequestIsNotMultiPartContent(
    OssError, status=400, message="Bucket POST must be of the enclosure-type multipart/form-data."
):
    """A POST to a bucket is not a form."""
