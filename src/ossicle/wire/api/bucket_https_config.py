"""TLS versions and ciphers of a bucket's domain."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.records import record
from ossicle.wire.setting import Setting, setting_operation


@record
class TLS:
    """Versions of TLS that clients may speak, `TLSv1.0` to `TLSv1.3`, if they are limited at all (`enable`)."""

    enable: Annotated[bool | None, Tag("Enable")] = None
    tls_versions: Annotated[tuple[str, ...], Tag("TLSVersion")] = ()


@record
class CipherSuite:
    """Ciphers that clients may use, if they are limited at all (`enable`): the strong ones, or some by name."""

    enable: Annotated[bool | None, Tag("Enable")] = None
    strong_cipher_suite: Annotated[bool | None, Tag("StrongCipherSuite")] = None
    custom_cipher_suites: Annotated[tuple[str, ...], Tag("CustomCipherSuite")] = ()
    tls13_custom_cipher_suites: Annotated[tuple[str, ...], Tag("TLS13CustomCipherSuite")] = ()


@record
class HttpsConfiguration:
    """Both limits. Kept and told; the server's TLS is one for all buckets."""

    tls: Annotated[TLS | None, Tag("TLS")] = None
    cipher_suite: Annotated[CipherSuite | None, Tag("CipherSuite")] = None


@record
class PutBucketHttpsConfigRequest(RequestBase):
    """Limit the versions and ciphers of TLS."""

    bucket: str
    https_configuration: Annotated[HttpsConfiguration | None, Body("HttpsConfiguration")] = None


@record
class PutBucketHttpsConfigResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketHttpsConfigRequest(RequestBase):
    """Ask for the limits of TLS."""

    bucket: str


@record
class GetBucketHttpsConfigResult(ResultBase):
    """The limits; none where nothing was said."""

    https_configuration: Annotated[HttpsConfiguration | None, Body("HttpsConfiguration")] = None


HTTPS_CONFIG: Final = Setting(kind="httpsConfig", root="HttpsConfiguration", document=HttpsConfiguration)
PUT_BUCKET_HTTPS_CONFIG: Final = setting_operation(
    "PUT", "BucketHttpsConfig", "httpsConfig", PutBucketHttpsConfigRequest, PutBucketHttpsConfigResult
)
GET_BUCKET_HTTPS_CONFIG: Final = setting_operation(
    "GET", "BucketHttpsConfig", "httpsConfig", GetBucketHttpsConfigRequest, GetBucketHttpsConfigResult
)

OPERATIONS: Final = (PUT_BUCKET_HTTPS_CONFIG, GET_BUCKET_HTTPS_CONFIG)
