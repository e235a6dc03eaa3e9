"""The judgement, on what the official SDKs signed and on what was changed of it."""

import pytest

from ossicle.cli.explaining.judging import Judgement, judge
from ossicle.cli.explaining.keys import Key, Keys
from ossicle.cli.explaining.place import Place
from ossicle.cli.explaining.sent import Sent
from ossicle.wire.credentials import Credentials
from tests.support.signing_vectors import Mutation, Vector, mutations, vectors

SIGNED = [vector for vector in vectors() if vector.auth_mode != "anonymous" and vector.product == "oss"]
ACCEPTED = [vector for vector in SIGNED if vector.expect == "signature valid"]

# Of the others it is the server that is changed, or the signature.
CHANGED = [each for each in mutations() if not each.is_key_unknown and each.resign_with_expires is None]


def judged(vector: Vector, credentials: Credentials) -> Judgement:
    wire = vector.wire
    sent = Sent(
        url=f"{wire.scheme}://{wire.host}{wire.target}", method=wire.method, headers=tuple(wire.headers.items())
    )
    bucket = vector.bucket if vector.address_style == "cname" else None
    # The name of the server is known, as that of `--endpoint`.
    endpoint = wire.host if vector.address_style == "path" else wire.host.partition(".")[2]
    place = Place(endpoint=endpoint, region=vector.region, bucket=bucket)
    keys = Keys(given=Key(credentials=credentials, source="here"))
    return judge(sent, keys, place, vector.verify_at)


@pytest.mark.parametrize("vector", ACCEPTED, ids=lambda vector: vector.id)
def test_what_sdks_sign_is_let_in(vector: Vector) -> None:
    found = judged(vector, vector.credentials)
    assert ([cause.name for cause in found.causes], found.fits) == ([], True)
    assert found.is_let_in


@pytest.mark.parametrize("vector", ACCEPTED, ids=lambda vector: vector.id)
def test_with_another_secret_nothing_is(vector: Vector) -> None:
    credentials = Credentials(
        access_key_id=vector.access_key_id, access_key_secret="another", security_token=vector.security_token
    )
    found = judged(vector, credentials)
    assert (found.fits, found.is_let_in, bool(found.causes)) == (False, False, True)


@pytest.mark.parametrize("mutation", CHANGED, ids=lambda mutation: mutation.id)
def test_what_was_changed_is_judged_as_a_server_does(mutation: Mutation) -> None:
    found = judged(mutation.changed, mutation.changed.credentials)
    assert found.is_let_in == mutation.is_accepted, [cause.name for cause in found.causes]
