"""The administration of identities as JSON over HTTP: what can be asked for, and how it travels, for both sides.

A route is named for the action of RAM that it is, and its fields as RAM's are, in lower case with underscores. What stands in braces in
its path comes from the request's field of that name; the other fields travel in the query of a GET or DELETE, else in a JSON object.

Source: https://help.aliyun.com/zh/ram/developer-reference/api-ram-2015-05-01-overview
"""

from ossicle.wire.admin import explaining, groups, policies, roles, users
from ossicle.wire.admin.route import (
    PREFIX,
    AnyRoute,
    Captured,
    find_routes,
    parse_request,
    render_request,
    resource_of,
    resources_of,
    tellable,
)
from ossicle.wire.admin.values import InvalidField, from_json, parse_json, render_json

ROUTES: tuple[AnyRoute, ...] = (
    *users.ROUTES,
    *groups.ROUTES,
    *policies.ROUTES,
    *roles.ROUTES,
    *explaining.ROUTES,
)

__all__ = [
    "PREFIX",
    "ROUTES",
    "AnyRoute",
    "Captured",
    "InvalidField",
    "find_routes",
    "from_json",
    "parse_json",
    "parse_request",
    "render_json",
    "render_request",
    "resource_of",
    "resources_of",
    "tellable",
]
