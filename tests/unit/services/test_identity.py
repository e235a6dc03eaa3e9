"""Access keys and the tokens of temporary ones."""

from datetime import timedelta

import pytest

from ossicle.services.identity import ANONYMOUS, AccessKey, Principal
from ossicle.wire.credentials import Credentials
from ossicle.wire.errors import (
    AccessKeyIdAndSecurityTokenNotMatch,
    InvalidAccessKeyId,
    InvalidSecurityToken,
    OssError,
    SecurityTokenExpired,
)
from tests.support.identities import identity_of
from tests.support.stored import NOON, OWNER

PERMANENT = AccessKey(account=OWNER, credentials=Credentials(access_key_id="permanent", access_key_secret="s"))
TEMPORARY = AccessKey(
    account=OWNER,
    credentials=Credentials(
        access_key_id="temporary", access_key_secret="s", security_token="tökén", expiration=NOON + timedelta(hours=1)
    ),
)
IDENTITY = identity_of([PERMANENT, TEMPORARY])


async def test_a_key_names_its_account() -> None:
    assert await IDENTITY.access_key("permanent", None, NOON) is PERMANENT
    assert PERMANENT.principal == Principal(account=OWNER, access_key_id="permanent")
    assert (ANONYMOUS.account, ANONYMOUS.access_key_id) == (None, None)


async def test_a_temporary_key_with_its_token() -> None:
    assert await IDENTITY.access_key("temporary", "tökén", NOON + timedelta(hours=1)) is TEMPORARY


@pytest.mark.parametrize(
    ("key_id", "token", "hours", "refusal"),
    [
        ("unknown", None, 0, InvalidAccessKeyId),
        ("unknown", "tökén", 0, InvalidAccessKeyId),
        ("", None, 0, InvalidAccessKeyId),
        ("PERMANENT", None, 0, InvalidAccessKeyId),
        ("temporary", None, 0, InvalidAccessKeyId),
        ("permanent", "any", 0, AccessKeyIdAndSecurityTokenNotMatch),
        ("temporary", "token", 0, InvalidSecurityToken),
        ("temporary", "\udcff", 0, InvalidSecurityToken),
        ("temporary", "", 0, InvalidSecurityToken),
        ("temporary", "tökén", 1.001, SecurityTokenExpired),
        ("temporary", "token", 2, InvalidSecurityToken),
    ],
)
async def test_refusals(key_id: str, token: str | None, hours: float, refusal: type[OssError]) -> None:
    with pytest.raises(refusal) as caught:
        await IDENTITY.access_key(key_id, token, NOON + timedelta(hours=hours))
    assert type(caught.value) is refusal
    if refusal is InvalidAccessKeyId and key_id:
        assert caught.value.details == {"OSSAccessKeyId": key_id}


def test_no_secret_shows() -> None:
    for shown in (repr(PERMANENT), repr(TEMPORARY), repr(IDENTITY)):
        assert "'s'" not in shown
        assert "tökén" not in shown
