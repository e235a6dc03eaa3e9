"""Every error OSS names, one class a code; the same class is raised by the server and by the client that reads the answer.

```
OssError
 ├─ AccessDenied, InvalidAccessKeyId, SignatureDoesNotMatch, ...   403
 ├─ InvalidArgument, InvalidDigest, MalformedXML, ...              400
 ├─ NoSuchBucket, NoSuchKey, ...                                   404
 └─ ...
```

A class names its status, default message, default EC and the further elements it may carry. EC is the fine-grained code of OSS;
it is left out where it is not known.

Source: https://help.aliyun.com/zh/oss/developer-reference/error-responses
"""

from collections.abc import Mapping
from typing import ClassVar

REGISTRY: dict[str, type["OssError"]] = {}


class OssError(Exception):
    """A refusal or failure as OSS tells it. An unknown code is this class itself, with the code kept.

    `details` holds the further XML elements by name; `headers` what the answer carries besides the document.
    """

    code: str = "OssError"
    status: int = 500
    message: str = ""
    ec: str | None = None
    elements: ClassVar[Mapping[str, str]] = {}

    def __init_subclass__(
        cls, *, status: int, message: str, ec: str | None = None, elements: Mapping[str, str] | None = None
    ) -> None:
        super().__init_subclass__()
        cls.code = cls.__name__
        cls.status = status
        cls.message = message
        cls.ec = ec
        cls.elements = elements or {}
        if cls.code in REGISTRY:
            raise TypeError(f"{cls.code} is registered twice")
        REGISTRY[cls.code] = cls

    def __init__(
        self,
        message: str | None = None,
        *,
        ec: str | None = None,
        status: int | None = None,
        headers: tuple[tuple[str, str], ...] = (),
        **details: str | None,
    ) -> None:
        self.message = self.message if message is None else message
        self.ec = self.ec if ec is None else ec
        self.status = self.status if status is None else status
        self.headers = headers
        self.details = {self.elements[name]: text for name, text in details.items() if text is not None}
        self.request_id = ""
        self.host_id = ""
        super().__init__(self.message)

    @classmethod
    def received(
        cls, *, code: str, status: int, message: str, ec: str | None, details: Mapping[str, str]
    ) -> "OssError":
        """Return what a server said as the class of its code."""
        error = REGISTRY.get(code, OssError)(message, status=status)
        error.code = code
        error.ec = ec  # what was said, not what this code says by default
        error.details = dict(details)
        return error

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OssError) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash((self.code, self.status, self.message))

    def _identity(self) -> tuple[object, ...]:
        return (self.code, self.status, self.message, self.ec, self.details, self.request_id, self.host_id)

    def __str__(self) -> str:
        return f"{self.code} ({self.status}): {self.message}"


# 400


class AuthorizationQueryParametersError(
    OssError, status=400, message="The query parameters of the signature are invalid."
):
    """A presigned URL lacks a parameter of its signature, or one has a wrong form."""

    # OSS: the code's name is S3's; no OSS source names this class of refusals (unverified).


class EntityTooLarge(
    OssError,
    status=400,
    message="Your proposed upload exceeds the maximum allowed size.",
    elements={"proposed_size": "ProposedSize", "max_size_allowed": "MaxSizeAllowed"},
):
    """More than 5 GiB in one PUT."""


class IncompleteBody(
    OssError,
    status=400,
    message="You did not provide the number of bytes specified by the Content-Length HTTP header.",
):
    """The connection ended before the body did."""


class InlineDataTooLarge(OssError, status=400, message="Inline data exceeds the maximum allowed size."):
    """An XML body beyond its limit."""


class InvalidArgument(
    OssError,
    status=400,
    message="Invalid Argument.",
    elements={"argument_name": "ArgumentName", "argument_value": "ArgumentValue"},
):
    """A header or parameter has a value that OSS does not take."""


class InvalidBucketName(
    OssError, status=400, message="The specified bucket is not valid.", elements={"bucket_name": "BucketName"}
):
    """A bucket name breaks the naming rules."""


class InvalidCRC64(
    OssError,
    status=400,
    message="The x-oss-hash-crc64ecma you specified does not match what we calculated.",
):
    """The body's CRC-64 is not the one that the request names."""


class InvalidDigest(
    OssError,
    status=400,
    message="The Content-MD5 you specified was invalid.",
    elements={"content_md5": "Content-MD5"},
):
    """Content-MD5 is malformed, or is not the body's."""


class InvalidLocationConstraint(OssError, status=400, message="The specified location-constraint is not valid"):
    """PutBucket asks for a region that this server is not."""


class InvalidObjectName(
    OssError, status=400, message="The specified object is not valid.", elements={"object_name": "ObjectName"}
):
    """A key is empty, too long or not UTF-8."""


class InvalidRequest(OssError, status=400, message="The request is invalid."):
    """A combination that OSS refuses."""


class MalformedXML(
    OssError,
    status=400,
    message="The XML you provided was not well-formed or did not validate against our published schema.",
):
    """A request document is not XML, or not the document that belongs there."""


class MissingArgument(
    OssError, status=400, message="Missing Some Required Arguments.", elements={"argument_name": "ArgumentName"}
):
    """A parameter or header that the operation needs is absent."""


class CORSRuleBeyondLimit(OssError, status=400, message="The CORS Rules num is beyond limit."):
    """More than ten CORS rules."""


class BadRequest(OssError, status=400, message="Insufficient information. Origin request header needed."):
    """A preflight without its headers. Official SDKs retry this code, so nothing else may use it."""


class RequestTimeout(
    OssError,
    status=400,
    message=(
        "Your socket connection to the server was not read from or written to within the timeout period. "
        "Idle connections will be closed."
    ),
):
    """Nothing more arrived of a request."""


# 403


class AccessDenied(
    OssError,
    status=403,
    message="AccessDenied",
    elements={"expires": "Expires", "server_time": "ServerTime"},
):
    """The caller may not do this, or the URL is out of its time."""


class AccessForbidden(
    OssError,
    status=403,
    message=(
        "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / "
        "Access-Control-Request-Method or Access-Control-Requet-Headers are not whitelisted by the resource's CORS spec."
    ),
):
    """No CORS rule of the bucket allows what a preflight asks for. The spelling is OSS's."""


class AccessKeyIdAndSecurityTokenNotMatch(
    OssError, status=403, message="The OSS access key id and security token you provided does not match."
):
    """A token came with a key that it was not issued for."""


class InvalidAccessKeyId(
    OssError,
    status=403,
    message="The OSS Access Key Id you provided does not exist in our records.",
    ec="0002-00000902",
    elements={"access_key_id": "OSSAccessKeyId"},
):
    """Nobody has this access key."""


class InvalidSecurityToken(
    OssError, status=403, message="The security token you provided is invalid.", ec="0002-00000008"
):
    """The token is none of ours."""


class RequestTimeTooSkewed(
    OssError,
    status=403,
    message="The difference between the request time and the current time is too large.",
    ec="0002-00000504",
    elements={
        "max_allowed_skew_milliseconds": "MaxAllowedSkewMilliseconds",
        "request_time": "RequestTime",
        "server_time": "ServerTime",
    },
):
    """A header signature is more than fifteen minutes off the server's clock."""


class SecurityTokenExpired(
    OssError, status=403, message="The security token you provided has expired.", ec="0002-00000007"
):
    """The token's time is over, whatever the URL says."""


class SignatureDoesNotMatch(
    OssError,
    status=403,
    message=(
        "The request signature we calculated does not match the signature you provided. Check your key and signing method."
    ),
    ec="0002-00000201",
    elements={
        "access_key_id": "OSSAccessKeyId",
        "signature_provided": "SignatureProvided",
        "string_to_sign": "StringToSign",
        "string_to_sign_bytes": "StringToSignBytes",
        "canonical_request": "CanonicalRequest",
    },
):
    """What arrived is not what was signed; both texts of the server are in the document."""


# 404


class NoSuchBucket(
    OssError,
    status=404,
    message="The specified bucket does not exist.",
    ec="0015-00000101",
    elements={"bucket_name": "BucketName"},
):
    """There is no such bucket."""


class NoSuchCORSConfiguration(
    OssError, status=404, message="The CORS Configuration does not exist.", elements={"bucket_name": "BucketName"}
):
    """The bucket has no CORS rules."""


class NoSuchKey(
    OssError,
    status=404,
    message="The specified key does not exist.",
    ec="0026-00000001",
    elements={"key": "Key"},
):
    """There is no object of this name."""


class NoSuchVersion(OssError, status=404, message="The specified version does not exist."):
    """The object has no version of this id."""


# 405 to 416


class MethodNotAllowed(
    OssError,
    status=405,
    message="The specified method is not allowed against this resource.",
    elements={"method": "Method", "resource_type": "ResourceType"},
):
    """The method does not go with the resource."""


class BucketAlreadyExists(
    OssError,
    status=409,
    message=(
        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
        "Please select a different name and try again."
    ),
    ec="0015-00000104",
    elements={"bucket_name": "BucketName"},
):
    """The name is taken, or the own bucket has other fixed properties."""


class BucketNotEmpty(
    OssError,
    status=409,
    message="The bucket has objects. Please delete them first.",
    ec="0015-00000301",
    elements={"bucket_name": "BucketName"},
):
    """A bucket must be empty to be deleted."""


class FileAlreadyExists(
    OssError, status=409, message="The object you specified already exists and can not be overwritten."
):
    """The request forbids overwriting, and the key is taken."""


class MissingContentLength(OssError, status=411, message="You must provide the Content-Length HTTP header."):
    """A PUT or POST with neither length nor chunks."""


class PreconditionFailed(
    OssError,
    status=412,
    message="At least one of the pre-conditions you specified did not hold.",
    elements={"condition": "Condition"},
):
    """If-Match or If-Unmodified-Since does not hold."""


class InvalidRange(
    OssError,
    status=416,
    message="The requested range cannot be satisfied.",
    elements={"range_requested": "RangeRequested", "actual_object_size": "ActualObjectSize"},
):
    """No byte of the object lies in the range."""


# 5xx


class InternalError(
    OssError, status=500, message="The server met an unexpected condition; the request id names it in its log."
):
    """A bug or a broken disk. The cause is in the server's log under the request id, never in the answer."""


class NotImplemented(  # named as the code, and hiding the built-in, which has no use here
    OssError,
    status=501,
    message="A header you provided implies functionality that is not implemented.",
    elements={"header": "Header"},
):
    """OSS can do this and Ossicle can't: an operation (501) or a header (400)."""


class ServiceUnavailable(OssError, status=503, message="The server can't store this now, please retry later."):
    """The store refuses: a full disk, a database that went away, a server that is stopping."""
