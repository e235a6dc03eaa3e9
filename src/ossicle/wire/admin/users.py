"""Users and their access keys."""

from dataclasses import field
from datetime import datetime
from typing import Final

from ossicle.wire.admin.route import AnyRoute, Route
from ossicle.wire.records import record

ACTIVE: Final = "Active"
INACTIVE: Final = "Inactive"


@record
class Done:
    """Nothing to tell."""


@record
class Paging:
    """Which page of a list: what comes behind `marker`, at most `max_items`, from 1 to 1000."""

    marker: str | None = None
    max_items: int | None = None


@record
class User:
    """A user of the account."""

    user_name: str
    user_id: str
    display_name: str
    comments: str
    create_date: datetime


@record
class UserPage:
    """Users by name. `marker` is where the next page begins; without, this is the last."""

    users: tuple[User, ...]
    marker: str | None = None


@record
class CreateUserRequest:
    """A new user, who may nothing yet."""

    user_name: str
    display_name: str | None = None
    comments: str | None = None


@record
class UpdateUserRequest:
    """What changes; all else stays."""

    user_name: str
    new_user_name: str | None = None
    display_name: str | None = None
    comments: str | None = None


@record
class UserRequest:
    """Something about one user."""

    user_name: str


@record
class AccessKey:
    """A key of a user; the secret is there in the answer that makes the key, and in no other."""

    access_key_id: str
    status: str
    create_date: datetime
    access_key_secret: str | None = field(default=None, repr=False)


@record
class AccessKeys:
    """All keys of a user."""

    access_keys: tuple[AccessKey, ...]


@record
class AccessKeyRequest:
    """Something about one key."""

    user_name: str
    access_key_id: str


@record
class UpdateAccessKeyRequest:
    """Whether a key counts: `status` is Active or Inactive."""

    user_name: str
    access_key_id: str
    status: str


_USER: Final = "users/{user_name}"
_KEY: Final = f"{_USER}/keys/{{access_key_id}}"

CREATE_USER = Route(name="CreateUser", method="POST", path="users", request=CreateUserRequest, result=User)
LIST_USERS = Route(name="ListUsers", method="GET", path="users", request=Paging, result=UserPage)
GET_USER = Route(name="GetUser", method="GET", path=_USER, request=UserRequest, result=User)
UPDATE_USER = Route(name="UpdateUser", method="PUT", path=_USER, request=UpdateUserRequest, result=User)
DELETE_USER = Route(name="DeleteUser", method="DELETE", path=_USER, request=UserRequest, result=Done)
CREATE_ACCESS_KEY = Route(
    name="CreateAccessKey", method="POST", path=f"{_USER}/keys", request=UserRequest, result=AccessKey
)
LIST_ACCESS_KEYS = Route(
    name="ListAccessKeys", method="GET", path=f"{_USER}/keys", request=UserRequest, result=AccessKeys
)
UPDATE_ACCESS_KEY = Route(name="UpdateAccessKey", method="PUT", path=_KEY, request=UpdateAccessKeyRequest, result=Done)
DELETE_ACCESS_KEY = Route(name="DeleteAccessKey", method="DELETE", path=_KEY, request=AccessKeyRequest, result=Done)

ROUTES: Final[tuple[AnyRoute, ...]] = (
    CREATE_USER,
    LIST_USERS,
    GET_USER,
    UPDATE_USER,
    DELETE_USER,
    CREATE_ACCESS_KEY,
    LIST_ACCESS_KEYS,
    UPDATE_ACCESS_KEY,
    DELETE_ACCESS_KEY,
)
