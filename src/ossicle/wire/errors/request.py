"""What is wrong with a request itself: its values, its document, its body."""

from ossicle.wire.errors.oss_error import OssError


class InvalidArgument(
    OssError,
    status=400,
    message="Invalid Argument.",
    elements={"argument_name": "ArgumentName", "argument_value": "ArgumentValue"},
):
    """A header or parameter has a value that OSS does not take."""


class MissingArgument(
    OssError, status=400, message="Missing Some Required Arguments.", elements={"argument_name": "ArgumentName"}
):
    """A parameter or header that the operation needs is absent."""


class InvalidRequest(OssError, status=400, message="The request is invalid."):
    """A combination that OSS refuses."""


class MalformedXML(
    OssError,
    status=400,
    message="The XML you provided was not well-formed or did not validate against our published schema.",
):
    """A request document is not XML, or not the document that belongs there."""


class InlineDataTooLarge(OssError, status=400, message="Inline data exceeds the maximum allowed size."):
    """An XML body beyond its limit."""


class IncompleteBody(
    OssError,
    status=400,
    message="You did not provide the number of bytes specified by the Content-Length HTTP header.",
):
    """The connection ended before the body did."""


class RequestTimeout(
    OssError,
    status=400,
    message=(
        "Your socket connection to the server was not read from or written to within the timeout period. "
        "Idle connections will be closed."
    ),
):
    """Nothing more arrived of a request."""


class MethodNotAllowed(
    OssError,
    status=405,
    message="The specified method is not allowed against this resource.",
    elements={"method": "Method", "resource_type": "ResourceType"},
):
    """The method does not go with the resource."""


class MissingContentLength(OssError, status=411, message="You must provide the Content-Length HTTP header."):
    """A PUT or POST with neither length nor chunks."""


class InvalidDigest(
    OssError,
    status=400,
    message="The Content-MD5 you specified was invalid.",
    elements={"content_md5": "Content-MD5"},
):
    """Content-MD5 is malformed, or is not the body's."""


class InvalidCRC64(
    OssError,
    status=400,
    message="The x-oss-hash-crc64ecma you specified does not match what we calculated.",
):
    """The body's CRC-64 is not the one that the request names."""


class EntityTooLarge(
    OssError,
    status=400,
    message="Your proposed upload exceeds the maximum allowed size.",
    elements={"proposed_size": "ProposedSize", "max_size_allowed": "MaxSizeAllowed"},
):
    """More than 5 GiB in one PUT."""
