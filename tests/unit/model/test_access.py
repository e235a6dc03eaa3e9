"""The whole table of who may do what."""

from itertools import product

import pytest

from ossicle.model.access import ANONYMOUS_MANAGEMENT, BUCKET_ACL, FOREIGN_BUCKET, Refusal, refuse_bucket, refuse_object
from ossicle.wire.names import AccountId, BucketAcl, ObjectAcl
from ossicle.wire.operation import Access
from tests.support.stored import OWNER, make_bucket

OTHER = AccountId("1000000000000002")
GUESTS = [OTHER, None]
OPEN_TO_READERS = {BucketAcl.PUBLIC_READ, BucketAcl.PUBLIC_READ_WRITE}


@pytest.mark.parametrize(("acl", "access"), list(product(BucketAcl, Access)))
def test_the_owner_may_do_everything(acl: BucketAcl, access: Access) -> None:
    bucket = make_bucket(acl=acl)
    assert refuse_bucket(OWNER, bucket, access) is None
    assert all(refuse_object(OWNER, bucket, object_acl, access) is None for object_acl in ObjectAcl)


@pytest.mark.parametrize("acl", BucketAcl)
def test_nobody_else_manages(acl: BucketAcl) -> None:
    assert refuse_bucket(OTHER, make_bucket(acl=acl), Access.MANAGE) == FOREIGN_BUCKET
    assert refuse_bucket(None, make_bucket(acl=acl), Access.MANAGE) == ANONYMOUS_MANAGEMENT


@pytest.mark.parametrize("caller", GUESTS)
@pytest.mark.parametrize(
    ("acl", "access", "is_granted"),
    [
        (BucketAcl.PRIVATE, Access.READ, False),
        (BucketAcl.PRIVATE, Access.WRITE, False),
        (BucketAcl.PUBLIC_READ, Access.READ, True),
        (BucketAcl.PUBLIC_READ, Access.WRITE, False),
        (BucketAcl.PUBLIC_READ_WRITE, Access.READ, True),
        (BucketAcl.PUBLIC_READ_WRITE, Access.WRITE, True),
    ],
)
def test_a_bucket_s_acl(caller: AccountId | None, acl: BucketAcl, access: Access, *, is_granted: bool) -> None:
    expected = None if is_granted else BUCKET_ACL
    assert refuse_bucket(caller, make_bucket(acl=acl), access) == expected
    assert refuse_object(caller, make_bucket(acl=acl), ObjectAcl.DEFAULT, access) == expected


@pytest.mark.parametrize("caller", GUESTS)
@pytest.mark.parametrize(("bucket_acl", "object_acl"), list(product(BucketAcl, set(ObjectAcl) - {ObjectAcl.DEFAULT})))
def test_an_object_s_own_acl_beats_the_bucket_s(
    caller: AccountId | None, bucket_acl: BucketAcl, object_acl: ObjectAcl
) -> None:
    bucket = make_bucket(acl=bucket_acl)
    is_read = refuse_object(caller, bucket, object_acl, Access.READ) is None
    is_written = refuse_object(caller, bucket, object_acl, Access.WRITE) is None
    assert (is_read, is_written) == {
        ObjectAcl.PRIVATE: (False, False),
        ObjectAcl.PUBLIC_READ: (True, False),
        ObjectAcl.PUBLIC_READ_WRITE: (True, True),
    }[object_acl]


@pytest.mark.parametrize("caller", GUESTS)
def test_a_closed_bucket_has_one_message_for_what_is_there_and_what_is_not(caller: AccountId | None) -> None:
    closed = make_bucket(acl=BucketAcl.PRIVATE)
    for access in (Access.READ, Access.WRITE):
        assert {refuse_object(caller, closed, acl, access) for acl in (ObjectAcl.DEFAULT, ObjectAcl.PRIVATE)} == {
            BUCKET_ACL
        }
    shared = make_bucket(acl=BucketAcl.PUBLIC_READ_WRITE)
    assert (refuse_object(caller, shared, ObjectAcl.PRIVATE, Access.READ)) == Refusal(
        message="You do not have read permission on this object."
    )
    assert refuse_object(caller, shared, ObjectAcl.PRIVATE, Access.WRITE) == Refusal(
        message="You do not have write permission on this object."
    )
