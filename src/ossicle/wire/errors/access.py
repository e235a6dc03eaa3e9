"""Who is not let in, and what a page of another origin may not do."""

from ossicle.wire.errors.oss_error import OssError


class AuthorizationQueryParametersError(
    OssError, status=400, message="The query parameters of the signature are invalid."
):
    """A presigned URL lacks a parameter of its signature, or one has a wrong form."""

    # OSS: the code's name is S3's; no OSS source names this class of refusals (unverified).


class AccessDenied(
    OssError,
    status=403,
    message="AccessDenied",
    elements={"expires": "Expires", "server_time": "ServerTime"},
):
    """The caller may not do this, or the URL is out of its time."""


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


class BadRequest(OssError, status=400, message="Insufficient information. Origin request header needed."):
    """A preflight without its headers. Official SDKs retry this code, so nothing else may use it."""


class AccessForbidden(
    OssError,
    status=403,
    message=(
        "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / "
        "Access-Control-Request-Method or Access-Control-Requet-Headers are not whitelisted by the resource's CORS spec."
    ),
):
    """No CORS rule of the bucket allows what a preflight asks for. The spelling is OSS's."""
