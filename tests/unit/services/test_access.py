"""From a caller, an operation and a bucket to a decision."""

from dataclasses import replace

import pytest

from ossicle.model.objects import Bucket
from ossicle.services.access import authorize, authorize_object
from ossicle.services.identity import ANONYMOUS, Principal
from ossicle.wire.api.bucket import GET_BUCKET_INFO, LIST_OBJECTS_V2, PUT_BUCKET
from ossicle.wire.api.object_acl import GET_OBJECT_ACL, PUT_OBJECT_ACL
from ossicle.wire.api.object_basic import DELETE_OBJECT, GET_OBJECT, HEAD_OBJECT, PUT_OBJECT
from ossicle.wire.api.service import LIST_BUCKETS
from ossicle.wire.errors import AccessDenied
from ossicle.wire.names import AccountId, BucketAcl, ObjectAcl
from ossicle.wire.operation import Access, AnyOperation
from tests.support.stored import OWNER, make_bucket, make_version

OWNING = Principal(account=OWNER, access_key_id="k")
OTHER = Principal(account=AccountId("1000000000000002"), access_key_id="l")
PRIVATE = make_bucket()
OPEN = make_bucket(acl=BucketAcl.PUBLIC_READ_WRITE)


@pytest.mark.parametrize("operation", [LIST_BUCKETS, PUT_BUCKET])
def test_who_is_somebody_may_list_and_make_buckets(operation: AnyOperation) -> None:
    authorize(OTHER, operation, None)
    with pytest.raises(AccessDenied, match="Anonymous access is forbidden"):
        authorize(ANONYMOUS, operation, None)


def test_whose_a_name_is_that_is_to_be_taken_is_told_by_another_code() -> None:
    authorize(OTHER, PUT_BUCKET, PRIVATE)
    with pytest.raises(AccessDenied):
        authorize(ANONYMOUS, PUT_BUCKET, OPEN)


@pytest.mark.parametrize("operation", [GET_BUCKET_INFO, LIST_OBJECTS_V2])
@pytest.mark.parametrize("bucket", [PRIVATE, OPEN], ids=["private", "open"])
def test_a_bucket_is_its_owner_s_to_manage(operation: AnyOperation, bucket: Bucket) -> None:
    authorize(OWNING, operation, bucket)
    for caller in (OTHER, ANONYMOUS):
        with pytest.raises(AccessDenied) as refusal:
            authorize(caller, operation, bucket)
        assert refusal.value.ec is None


@pytest.mark.parametrize("operation", [GET_OBJECT, HEAD_OBJECT, PUT_OBJECT, DELETE_OBJECT])
def test_data_is_judged_where_the_object_is_known(operation: AnyOperation) -> None:
    authorize(ANONYMOUS, operation, PRIVATE)


@pytest.mark.parametrize("access", [Access.READ, Access.WRITE])
def test_an_object_s_own_acl_counts(access: Access) -> None:
    version = make_version(1)
    authorize_object(OWNING, PRIVATE, version, access)
    with pytest.raises(AccessDenied) as refusal:
        authorize_object(OTHER, PRIVATE, version, access)
    assert refusal.value.ec == "0003-00000001"
    authorize_object(OTHER, OPEN, version, access)
    with pytest.raises(AccessDenied) as refusal:
        authorize_object(ANONYMOUS, OPEN, replace(version, acl=ObjectAcl.PRIVATE), access)
    assert refusal.value.ec is None


@pytest.mark.parametrize("access", [Access.READ, Access.WRITE])
def test_what_is_not_there_is_judged_by_its_bucket(access: Access) -> None:
    authorize_object(ANONYMOUS, OPEN, None, access)
    with pytest.raises(AccessDenied):
        authorize_object(ANONYMOUS, PRIVATE, None, access)


@pytest.mark.parametrize(("operation", "verb"), [(GET_OBJECT_ACL, "read"), (PUT_OBJECT_ACL, "write")])
@pytest.mark.parametrize("caller", [OTHER, ANONYMOUS])
def test_an_object_s_acl_is_its_owner_s(operation: AnyOperation, verb: str, caller: Principal) -> None:
    authorize(OWNING, operation, PRIVATE)
    for bucket in (PRIVATE, OPEN):
        with pytest.raises(AccessDenied, match=f"You do not have {verb} acl permission on this object."):
            authorize(caller, operation, bucket)
