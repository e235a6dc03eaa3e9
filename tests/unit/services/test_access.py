"""From a caller, an operation and a bucket to a decision."""

from dataclasses import replace
from typing import cast

import pytest

from ossicle.model.objects import Bucket
from ossicle.ports import Reading
from ossicle.services.access import Gate, Place, authorize_object
from ossicle.services.identity import ANONYMOUS, Principal
from ossicle.stores.memory import MemoryMetadataStore
from ossicle.wire.api.bucket import GET_BUCKET_INFO, LIST_OBJECTS_V2, PUT_BUCKET
from ossicle.wire.api.object_acl import GET_OBJECT_ACL, PUT_OBJECT_ACL
from ossicle.wire.api.object_basic import DELETE_OBJECT, GET_OBJECT, HEAD_OBJECT, PUT_OBJECT
from ossicle.wire.api.service import LIST_BUCKETS
from ossicle.wire.errors import AccessDenied
from ossicle.wire.names import AccountId, BucketAcl, ObjectAcl, ObjectKey
from ossicle.wire.operation import Access, AnyOperation
from tests.support.stored import OWNER, make_bucket, make_version

OWNING = Principal(account=OWNER, access_key_id="k")
OTHER = Principal(account=AccountId("1000000000000002"), access_key_id="l")
PRIVATE = make_bucket()
OPEN = make_bucket(acl=BucketAcl.PUBLIC_READ_WRITE)
KEY = ObjectKey("k")
GATE = Gate(MemoryMetadataStore())
NO_ROWS = cast("Reading", None)
"""Where no policy is asked, no row is."""


@pytest.mark.parametrize("operation", [LIST_BUCKETS, PUT_BUCKET])
async def test_who_is_somebody_may_list_and_make_buckets(operation: AnyOperation) -> None:
    await GATE.authorize(OTHER, operation, None, Place())
    with pytest.raises(AccessDenied, match="Anonymous access is forbidden"):
        await GATE.authorize(ANONYMOUS, operation, None, Place())


async def test_whose_a_name_is_that_is_to_be_taken_is_told_by_another_code() -> None:
    await GATE.authorize(OTHER, PUT_BUCKET, PRIVATE, Place())
    with pytest.raises(AccessDenied):
        await GATE.authorize(ANONYMOUS, PUT_BUCKET, OPEN, Place())


@pytest.mark.parametrize("operation", [GET_BUCKET_INFO, LIST_OBJECTS_V2])
@pytest.mark.parametrize("bucket", [PRIVATE, OPEN], ids=["private", "open"])
async def test_a_bucket_is_its_owner_s_to_manage(operation: AnyOperation, bucket: Bucket) -> None:
    await GATE.authorize(OWNING, operation, bucket, Place())
    for caller in (OTHER, ANONYMOUS):
        with pytest.raises(AccessDenied) as refusal:
            await GATE.authorize(caller, operation, bucket, Place())
        assert refusal.value.ec is None


@pytest.mark.parametrize("operation", [GET_OBJECT, HEAD_OBJECT, PUT_OBJECT, DELETE_OBJECT])
async def test_data_is_judged_where_the_object_is_known(operation: AnyOperation) -> None:
    await GATE.authorize(ANONYMOUS, operation, PRIVATE, Place())


@pytest.mark.parametrize("access", [Access.READ, Access.WRITE])
async def test_an_object_s_own_acl_counts(access: Access) -> None:
    version = make_version(1)
    authorize_object(NO_ROWS, OWNING, PRIVATE, KEY, version, access)
    with pytest.raises(AccessDenied) as refusal:
        authorize_object(NO_ROWS, OTHER, PRIVATE, KEY, version, access)
    assert refusal.value.ec == "0003-00000001"
    authorize_object(NO_ROWS, OTHER, OPEN, KEY, version, access)
    with pytest.raises(AccessDenied) as refusal:
        authorize_object(NO_ROWS, ANONYMOUS, OPEN, KEY, replace(version, acl=ObjectAcl.PRIVATE), access)
    assert refusal.value.ec is None


@pytest.mark.parametrize("access", [Access.READ, Access.WRITE])
async def test_what_is_not_there_is_judged_by_its_bucket(access: Access) -> None:
    authorize_object(NO_ROWS, ANONYMOUS, OPEN, KEY, None, access)
    with pytest.raises(AccessDenied):
        authorize_object(NO_ROWS, ANONYMOUS, PRIVATE, KEY, None, access)


@pytest.mark.parametrize(("operation", "verb"), [(GET_OBJECT_ACL, "read"), (PUT_OBJECT_ACL, "write")])
@pytest.mark.parametrize("caller", [OTHER, ANONYMOUS])
async def test_an_object_s_acl_is_its_owner_s(operation: AnyOperation, verb: str, caller: Principal) -> None:
    await GATE.authorize(OWNING, operation, PRIVATE, Place())
    for bucket in (PRIVATE, OPEN):
        with pytest.raises(AccessDenied, match=f"You do not have {verb} acl permission on this object."):
            await GATE.authorize(caller, operation, bucket, Place())
