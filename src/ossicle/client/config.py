"""What a caller can choose about a client. Field names are those of the official Python SDK V2."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ossicle.client.credentials import CredentialsProvider

CONNECT_TIMEOUT_SECONDS = 10.0
READWRITE_TIMEOUT_SECONDS = 20.0
RETRY_MAX_ATTEMPTS = 3


@dataclass(slots=True, kw_only=True)
class Config:
    """Settings of a client. They may be assigned until a client is made of them; it keeps what it found.

    Attributes:
        region: without `oss-` in front, such as `cn-hangzhou`; part of every V4 signature.
        endpoint: `[SCHEME://]HOST[:PORT]` of the server; without it the real OSS of the region. No scheme means https.
        credentials_provider: who signs; see `ossicle.credentials`.
        signature_version: `v4`, `v1` or `v2`. The older two name no region; V1 signs little of a query and no additional headers.
        use_path_style: the bucket is the first part of the path instead of the host name. An IP address is always path style.
        use_cname: `endpoint` is a host name that stands for one bucket.
        use_internal_endpoint: the real OSS from inside its data centre.
        use_accelerate_endpoint: the real OSS through transfer acceleration.
        use_dualstack_endpoint: the real OSS on IPv4 and IPv6.
        disable_ssl: http where `endpoint` has no scheme.
        insecure_skip_verify: any certificate will do. For tests.
        connect_timeout: seconds until a connection must stand.
        readwrite_timeout: seconds within which bytes must move, in either direction.
        retry_max_attempts: how often a request is sent at most, when the fault may pass. 1 tries nothing again.
        proxy_host: `http://[USER:PASSWORD@]HOST[:PORT]` of a proxy for every connection. The environment names none.
        additional_headers: names of further headers to sign wherever they are sent.
        default_request_headers: headers for every request that has none of that name.
        user_agent: put behind the client's own in `User-Agent`.
        disable_upload_crc64_check: don't compare the CRC-64 of what was sent with what the server stored.
        disable_download_crc64_check: don't compare the CRC-64 of what was received with what the server keeps.
    """

    region: str | None = None
    endpoint: str | None = None
    credentials_provider: CredentialsProvider | None = None
    signature_version: str | None = "v4"
    use_path_style: bool = False
    use_cname: bool = False
    use_internal_endpoint: bool = False
    use_accelerate_endpoint: bool = False
    use_dualstack_endpoint: bool = False
    disable_ssl: bool = False
    insecure_skip_verify: bool = False
    connect_timeout: float = CONNECT_TIMEOUT_SECONDS
    readwrite_timeout: float = READWRITE_TIMEOUT_SECONDS
    retry_max_attempts: int = RETRY_MAX_ATTEMPTS
    proxy_host: str | None = field(default=None, repr=False)
    additional_headers: Sequence[str] = ()
    default_request_headers: Mapping[str, str] = field(default_factory=dict)
    user_agent: str | None = None
    disable_upload_crc64_check: bool = False
    disable_download_crc64_check: bool = False


def load_default() -> Config:
    """Return the defaults, with region and endpoint from `OSS_REGION` and `OSS_ENDPOINT` where those are set."""
    return Config(region=os.environ.get("OSS_REGION") or None, endpoint=os.environ.get("OSS_ENDPOINT") or None)
