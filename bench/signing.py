"""URLs signed in a second of one core, beside the official SDK, and what the check of one signed request costs the server."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import ossicle
from bench.outcome import Figure, render_rows
from bench.servers import KEYS, ServerFailed
from bench.target import BUCKET
from ossicle.edge.authentication import authenticate
from ossicle.services.identity import AccessKey, Identity
from ossicle.services.sealing import KEY_BYTES, Seal
from ossicle.stores.memory import MemoryMetadataStore
from ossicle.wire.credentials import Credentials
from ossicle.wire.http import Headers, Query, Request, Resource
from ossicle.wire.names import AccountId
from ossicle.wire.signing import parse_claim

OFFICIAL: Final = "alibabacloud-oss-v2"
_ENDPOINT: Final = "http://127.0.0.1:8880"
_LIFETIME: Final = timedelta(minutes=15)
_ACCOUNT: Final = AccountId("1000000000000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """Processor time of one URL, or of one check, in microseconds: a value for each round."""

    title: str
    microseconds: list[float]

    @property
    def figure(self) -> Figure:
        return Figure.of(self.microseconds)


def measure_signing(*, count: int, rounds: int, say: Callable[[str], None]) -> dict[str, Signing]:
    """Sign `count` URLs with each client and check as many, in turn, `rounds` times.

    Raises:
        ServerFailed: the official SDK is not installed.
    """
    jobs = {
        "ossicle": ("ossicle.Client.presign", _own_signer()),
        OFFICIAL: ("alibabacloud_oss_v2.Client.presign", _official_signer()),
        "verify": ("check of one presigned PUT: from its bytes to the principal", _verifier(count)),
    }
    found: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(rounds + 1):
        for name, (_, job) in jobs.items():
            began = time.process_time()
            for each in range(count):
                job(each)
            used = (time.process_time() - began) / count * 1e6
            if number:  # the first round is for caches
                found[name].append(used)
                say(f"round {number}  {name:<20} {used:8.1f} µs")
    return {name: Signing(title=title, microseconds=found[name]) for name, (title, _) in jobs.items()}


def _own_signer() -> Callable[[int], object]:
    client = _own_client()

    def sign(number: int) -> object:
        return client.presign(ossicle.PutObjectRequest(bucket=BUCKET, key=_key(number)), expires=_LIFETIME)

    return sign


def _own_client() -> ossicle.Client:
    provider = ossicle.credentials.StaticCredentialsProvider(KEYS.access_key_id, KEYS.access_key_secret)
    return ossicle.Client(
        ossicle.Config(region=KEYS.region, endpoint=_ENDPOINT, credentials_provider=provider, use_path_style=True)
    )


def _official_signer() -> Callable[[int], object]:
    try:
        import alibabacloud_oss_v2 as oss  # noqa: PLC0415  # of another environment, where it is missing
    except ImportError as error:
        raise ServerFailed(
            f"the official SDK is missing: `make bench` installs it, or `pip install {OFFICIAL}`"
        ) from error
    config = oss.config.load_default()
    config.credentials_provider = oss.credentials.StaticCredentialsProvider(KEYS.access_key_id, KEYS.access_key_secret)
    config.region, config.endpoint, config.use_path_style = KEYS.region, _ENDPOINT, True
    client = oss.Client(config)

    def sign(number: int) -> object:
        return client.presign(oss.PutObjectRequest(bucket=BUCKET, key=_key(number)), expires=_LIFETIME)

    return sign


def _verifier(count: int) -> Callable[[int], object]:
    """Return what judges requests as the edge does; each one is another, as in a server's life."""
    credentials = Credentials(access_key_id=KEYS.access_key_id, access_key_secret=KEYS.access_key_secret)
    nothing = MemoryMetadataStore(), Seal(lambda: bytes(KEY_BYTES), secrets.token_bytes)
    identity = Identity([AccessKey(account=_ACCOUNT, credentials=credentials)], *nothing)
    sign = _own_client().presign
    urls = [
        urlsplit(sign(ossicle.PutObjectRequest(bucket=BUCKET, key=_key(number)), expires=_LIFETIME).url)
        for number in range(count)
    ]
    sent = [(url.path.encode(), url.query.encode(), _key(number).encode()) for number, url in enumerate(urls)]
    headers = (
        (b"host", b"127.0.0.1:8880"),
        (b"user-agent", b"bench/1"),
        (b"accept", b"*/*"),
        (b"content-length", b"4096"),
    )
    now = datetime.now(UTC)

    def verify(number: int) -> object:
        path, query, key = sent[number]
        request = Request(method="PUT", path=path, query=Query(query), headers=Headers(headers), host=headers[0][1])
        resource = Resource(bucket=BUCKET, key=key)
        judging = authenticate(request, resource, parse_claim(request), identity=identity, region=KEYS.region, now=now)
        try:
            judging.send(None)
        except StopIteration as end:
            return end.value
        raise RuntimeError("the judgement waited for something")

    return verify


def _key(number: int) -> str:
    return f"folder/object-{number:06}"


def render_signing(signings: dict[str, Signing]) -> str:
    """Return a Markdown table."""
    rows = [
        [
            signing.title,
            signing.figure.show(1),
            f"{1e6 / signing.figure.median:,.0f} (best {1e6 / signing.figure.lowest:,.0f})",
        ]
        for signing in signings.values()
    ]
    ratio = figures_of_signing(signings)[f"presign:{OFFICIAL}"]
    table = render_rows(["work", "µs of processor time", "a second, one core"], rows)
    return f"{table}\n\nPresigning is {ratio.show(2, ' ×')} as fast as the official SDK's."


def figures_of_signing(signings: dict[str, Signing]) -> dict[str, Figure]:
    """Return the ratio of the two signers, round by round, and the microseconds of a check."""
    pairs = zip(signings["ossicle"].microseconds, signings[OFFICIAL].microseconds, strict=True)
    return {
        f"presign:{OFFICIAL}": Figure.of(theirs / own for own, theirs in pairs),
        "verify": signings["verify"].figure,
    }
