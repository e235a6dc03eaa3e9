"""Which function answers a route, and what it has at hand."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

from ossicle.services.explaining import Explainer
from ossicle.services.ram import Ram
from ossicle.services.ram.directory import PAGE_DEFAULT, PAGE_MAX
from ossicle.wire.admin.route import Route
from ossicle.wire.admin.users import Paging
from ossicle.wire.admin.values import InvalidField
from ossicle.wire.names import AccountId
from ossicle.wire.records import record
from ossicle.wire.sources import Clock

In = TypeVar("In")
Out = TypeVar("Out")


@record
class Services:
    """What answers call."""

    ram: Ram
    explainer: Explainer
    clock: Clock
    region: str


@record
class Administration:
    """One request, judged: whose identities it is about, and where it comes from."""

    account: AccountId
    services: Services
    remote: str
    is_secure: bool

    @property
    def ram(self) -> Ram:
        """Users, groups, roles and policies."""
        return self.services.ram


Answerer = Callable[[Administration, Any], Awaitable[object]]
ANSWERS: Final[dict[str, Answerer]] = {}


def answers(
    route: Route[In, Out],
) -> Callable[[Callable[[Administration, In], Awaitable[Out]]], Callable[[Administration, In], Awaitable[Out]]]:
    """Make a function the answer to a route; its types must be the route's."""

    def register(
        answer: Callable[[Administration, In], Awaitable[Out]],
    ) -> Callable[[Administration, In], Awaitable[Out]]:
        if route.name in ANSWERS:
            raise TypeError(f"{route.name} has two answers")
        ANSWERS[route.name] = answer
        return answer

    return register


def limit_of(paging: Paging) -> int:
    """Return how many items a page has.

    Raises:
        InvalidField: less than one, or more than may be.
    """
    limit = PAGE_DEFAULT if paging.max_items is None else paging.max_items
    if not 1 <= limit <= PAGE_MAX:
        raise InvalidField("max_items", f"max_items has to be 1 to {PAGE_MAX}")
    return limit
