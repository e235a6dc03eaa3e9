"""What the administration is over JSON and over RPC alike: who may ask, what the audit log is told, and how RAM's refusals travel."""

from collections.abc import Mapping
from typing import Any

from ossicle.edge.asking import values_of
from ossicle.edge.visit import Visit
from ossicle.model.ram import RamError
from ossicle.operations.admin import ANSWERS, Administration, Services
from ossicle.services.identity import Principal
from ossicle.services.ram.permission import authorize_ram
from ossicle.wire.admin import AnyRoute, InvalidField, resources_of, tellable
from ossicle.wire.admin.users import AccessKey
from ossicle.wire.errors import OssError


def permit(
    visit: Visit, caller: Principal, route: AnyRoute, given: Mapping[str, object], services: Services
) -> Administration:
    """Return what an action is carried out with, once its caller may; from here on the audit log knows what was asked.

    Raises:
        RamError: NoPermission.
    """
    visit.administered = tellable(given)
    account = authorize_ram(caller, route.name, resources_of(route, given), values_of(visit, services.clock()))
    return Administration(account=account, services=services, remote=visit.remote, is_secure=visit.scheme == "https")


async def carry_out(visit: Visit, route: AnyRoute, asked: Administration, request: object) -> Any:
    """Return the result of an action."""
    told = await ANSWERS[route.name](asked, request)
    if isinstance(told, AccessKey):
        note_made_key(visit, told.access_key_id)
    return told


def note_made_key(visit: Visit, access_key_id: str) -> None:
    """Tell the audit log which access key was made, so that what is done with it later can be led back to here."""
    visit.administered = {**(visit.administered or {}), "made_access_key_id": access_key_id}


def as_ram_error(error: InvalidField) -> RamError:
    """Return how RAM refuses a field, by its own name for it."""
    name = "".join(word.capitalize() for word in error.field.split("_"))
    return RamError.invalid(name, f"{error}.")


def as_refusal(error: RamError) -> OssError:
    """Return a refusal by RAM as the edge hands refusals on."""
    return OssError.received(code=error.code, status=error.status, message=error.message, ec=None, details={})
