"""RAM and STS over RPC: `GET /?Action=...` or a form posted to `/`, on any host that names no bucket, as the SDKs of Alibaba Cloud send it.

Source: https://help.aliyun.com/zh/ram/developer-reference/api-sts-2015-04-01-assumerole
"""

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from ossicle.edge.administering import as_ram_error, as_refusal, carry_out, note_made_key, permit
from ossicle.edge.asking import values_of
from ossicle.edge.body import read_document
from ossicle.edge.log import log_failure
from ossicle.edge.target import host_name
from ossicle.edge.visit import Visit
from ossicle.model.ram import SYSTEM_POLICIES, PolicyType, RamError
from ossicle.operations.admin import Services
from ossicle.operations.sts import ACTIONS, Told
from ossicle.services.failures import as_oss_error
from ossicle.services.identity import Identity, Principal
from ossicle.services.sts import Sts
from ossicle.wire.admin import ROUTES, InvalidField, from_json, tellable
from ossicle.wire.admin.policies import PolicyPage
from ossicle.wire.errors import IncompleteBody, InlineDataTooLarge, InvalidDigest, OssError
from ossicle.wire.http import Query, Request, Response
from ossicle.wire.rpc import Call, is_header_signed, parse_call, parse_header_call, read_fields, render, shape
from ossicle.wire.text import encode

STS_VERSION: Final = "2015-04-01"
RAM_VERSION: Final = "2015-05-01"
SKEW: Final = timedelta(minutes=15)
BODY_BYTES_MAX: Final = 64 * 1024
NONCES_MAX: Final = 10_000
"""How many requests of one caller are remembered."""
_ACTION: Final = b"x-acs-action"
_FORM: Final = "application/x-www-form-urlencoded"
_ROUTES: Final = {route.name: route for route in ROUTES}
_OF_STS: Final = {"RoleArn": "role_arn", "RoleSessionName": "role_session_name", "DurationSeconds": "duration_seconds"}
_OF_CALLER: Final = frozenset({"CreateAccessKey", "ListAccessKeys", "UpdateAccessKey", "DeleteAccessKey"})
"""What is about the caller's own keys where no user is named."""


def is_rpc(request: Request) -> bool:
    """Whether a request for `/` of no bucket is one: ListBuckets, the only other, has no action and posts nothing."""
    if request.path not in (b"/", b"") or request.method not in ("GET", "POST"):
        return False
    is_named = request.query.get("Action") is not None or _ACTION in request.headers
    return is_named or (request.method == "POST" and _is_form(request))


def _is_form(request: Request) -> bool:
    return (request.headers.text(b"content-type") or "").partition(";")[0].strip().lower() == _FORM


class Rpc:
    """Answers requests of RAM and STS. Nonces are remembered by each process for itself."""

    def __init__(self, identity: Identity, services: Services, sts: Sts) -> None:
        self._identity = identity
        self._services = services
        self._sts = sts
        self._nonces: dict[str, OrderedDict[bytes, datetime]] = {}

    async def answer(self, visit: Visit) -> Response:
        """Return the answer to a request, whatever it is; a refusal is noted in the visit."""
        visit.operation, given = "Rpc", dict[str, str]()
        try:
            given = dict(visit.request.query.pairs)
            body = await _body(visit)
            pairs = _pairs(visit.request, body)
            given = dict(pairs)
            call = _parse(visit.request, pairs, body)
            told, root = await self._answer(visit, call), f"{call.action}Response"
            status = 200
        except Exception as failure:
            visit.error = error = _refused(visit, failure)
            root, status = "Error", error.status
            told = {"HostId": host_name(visit.request.host), "Code": error.code, "Message": error.message}
        is_xml = given.get("Format", "JSON").upper() == "XML"
        body = render(root, {"RequestId": visit.request_id, **told}, is_xml=is_xml)
        return _response(status, body, is_xml=is_xml)

    async def _answer(self, visit: Visit, call: Call) -> Told:
        visit.principal = caller = await self._authenticate(call)
        if call.version == STS_VERSION and call.action in ACTIONS:
            visit.operation = call.action
            visit.administered = tellable({told: call.own.get(name) for name, told in _OF_STS.items()})
            told = await ACTIONS[call.action](self._sts, caller, call.own, values_of(visit, self._services.clock()))
            if "Credentials" in told:
                note_made_key(visit, told["Credentials"]["AccessKeyId"])
            return told
        if call.version != RAM_VERSION or call.action not in _ROUTES:
            raise RamError(
                "InvalidAction.NotFound", "Specified api is not found, please check your url and method.", 404
            )
        visit.operation = call.action
        return await self._administer(visit, caller, call)

    async def _authenticate(self, call: Call) -> Principal:
        now = self._services.clock()
        if abs(now - call.sent_at) > SKEW:
            raise RamError("InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
        try:
            key = await self._identity.access_key(call.access_key_id, call.security_token, now)
        except OssError as error:
            raise _key_refused(error) from error
        expected = call.expects(key.credentials.access_key_secret)
        if not hmac.compare_digest(expected.encode(), call.signature.encode("utf-8", "surrogateescape")):
            raise RamError("SignatureDoesNotMatch", "Specified signature is not matched with our calculation.")
        self._note(key.principal, call, now)
        return key.principal

    def _note(self, caller: Principal, call: Call, now: datetime) -> None:
        """Refuse a request that was seen before; those that are too old to be taken anyway are forgotten.

        Each caller has a memory of its own: nobody pushes out what others sent. The sessions of an account, of which anybody who may
        assume a role makes as many as it likes, share one.
        """
        standing = caller.standing
        owner = call.access_key_id if standing is None or not standing.is_session else f"sessions of {caller.account}"
        nonces = self._nonces.setdefault(owner, OrderedDict())
        while nonces and (len(nonces) > NONCES_MAX or next(iter(nonces.values())) < now - 2 * SKEW):
            nonces.popitem(last=False)
        # A digest, since a nonce may be as long as a body.
        name = hashlib.sha256(encode(f"{call.access_key_id}\n{call.nonce}")).digest()
        if name in nonces:
            raise RamError("SignatureNonceUsed", "Specified signature nonce was used already.")
        nonces[name] = now

    async def _administer(self, visit: Visit, caller: Principal, call: Call) -> Told:
        route = _ROUTES[call.action]
        given: Mapping[str, object] = read_fields(call.action, route.request, call.own)
        standing = caller.standing
        if call.action in _OF_CALLER and "user_name" not in given and standing is not None and not standing.is_session:
            given = {**given, "user_name": standing.name}
        asked, kind = permit(visit, caller, route, given, self._services), _policy_type(call.own)
        try:
            request = from_json(route.request, given)
        except InvalidField as error:
            raise as_ram_error(error) from error
        told = await carry_out(visit, route, asked, request)
        if kind is not None and isinstance(told, PolicyPage):
            told = replace(told, policies=tuple(each for each in told.policies if each.policy_type == kind.value))
        return shape(told)


def _policy_type(own: Mapping[str, str]) -> PolicyType | None:
    """Return the type that a policy is said to have, which the administration has no use for: names are of both types.

    Raises:
        RamError: InvalidParameter.PolicyType, or EntityNotExist.Policy: the policy of that name has the other type.
    """
    text = own.get("PolicyType")
    if text is None:
        return None
    if text not in {kind.value for kind in PolicyType}:
        raise RamError.invalid("PolicyType", "The parameter PolicyType has to be System or Custom.")
    if "PolicyName" in own and (own["PolicyName"] in SYSTEM_POLICIES) != (text == PolicyType.SYSTEM.value):
        raise RamError.not_exist("Policy")
    return PolicyType(text)


def _refused(visit: Visit, failure: Exception) -> OssError:
    """Return how a failure is told, and note down what is not the caller's."""
    if isinstance(failure, RamError):
        return as_refusal(failure)
    error = as_oss_error(failure)
    if error is not failure:
        log_failure(visit.request_id, failure)
    return error


def _key_refused(error: OssError) -> RamError:
    """Return how RAM tells that a key or token is not taken; a disabled key is not told from one that is not there."""
    if error.code == "InvalidAccessKeyId":
        return RamError("InvalidAccessKeyId.NotFound", "Specified access key is not found.", 404)
    codes = {"SecurityTokenExpired": "InvalidSecurityToken.Expired"}
    return RamError(codes.get(error.code, "InvalidSecurityToken.Malformed"), error.message)


async def _body(visit: Visit) -> bytes:
    try:
        return await read_document(visit.body, visit.request.headers, BODY_BYTES_MAX)
    except (IncompleteBody, InlineDataTooLarge, InvalidDigest) as error:
        raise RamError(error.code, error.message, error.status) from error


def _pairs(request: Request, body: bytes) -> list[tuple[str, str]]:
    pairs = list(request.query.pairs)
    if request.method == "POST" and _is_form(request):
        pairs += Query(body.replace(b"+", b"%20")).pairs
    return pairs


def _parse(request: Request, pairs: list[tuple[str, str]], body: bytes) -> Call:
    if is_header_signed(request.headers):
        return parse_header_call(request, pairs, body)
    return parse_call(request.method, pairs)


def _response(status: int, body: bytes, *, is_xml: bool) -> Response:
    media_type: Any = b"text/xml;charset=utf-8" if is_xml else b"application/json;charset=utf-8"
    headers = [
        (b"content-type", media_type),
        (b"cache-control", b"no-store"),
        (b"content-length", b"%d" % len(body)),
    ]
    return Response(status=status, headers=headers, body=body)
