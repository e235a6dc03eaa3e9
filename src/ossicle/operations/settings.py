"""How settings are served: one put, get and delete for all of them. What tells them apart is a `Rules` each.

`serve` is called by the modules of the families; those of settings that are kept and told, and no more, are in `bucket_settings`.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from ossicle.model.objects import Bucket
from ossicle.operations.context import Context
from ossicle.operations.registry import handles
from ossicle.wire.binding import RequestBase, ResultBase
from ossicle.wire.errors import MalformedXML, OssError
from ossicle.wire.operation import AnyOperation
from ossicle.wire.records import record
from ossicle.wire.setting import Documents, Setting

D = TypeVar("D")


@record
class Rules(Generic[D]):
    """How a setting is judged, and what is told where nothing was said.

    `field` is what the requests and results call the document. `default` is what a bucket that never had one tells, an
    error by its class or a document. A document must have the `required` elements, by attribute; `judge` returns it as it is to be kept,
    or raises; `permit` raises if the other documents of the bucket don't let it be so.
    """

    setting: Setting[D]
    field: str
    default: D | type[OssError]
    required: tuple[str, ...] = ()
    judge: Callable[[D], D] | None = None
    permit: Callable[[D, Documents], None] | None = None


def serve(rules: Rules[D], put: AnyOperation, get: AnyOperation, delete: AnyOperation | None = None) -> None:
    """Make the handlers of a setting's operations."""
    serve_put(rules, put)
    serve_get(rules, get)
    if delete is not None:
        serve_deletion(rules, delete)


def serve_put(rules: Rules[D], put: AnyOperation) -> None:
    """Make the handler that replaces a setting."""

    async def put_setting(context: Context, request: RequestBase) -> ResultBase:
        document: D | None = getattr(request, rules.field)
        if document is None or any(getattr(document, name) is None for name in rules.required):
            raise MalformedXML(ec=put.malformed_ec)
        if rules.judge is not None:
            document = rules.judge(document)
        if rules.permit is not None:
            rules.permit(document, await context.services.buckets.documents(context.bucket))
        await context.services.buckets.put_setting(context.bucket, rules.setting, document)
        return _result(put)

    handles(put)(put_setting)


def serve_get(rules: Rules[D], get: AnyOperation) -> None:
    """Make the handler that tells a setting."""

    async def get_setting(context: Context, _: RequestBase) -> ResultBase:
        document = await context.services.buckets.setting(context.bucket, rules.setting)
        return _result(get, **{rules.field: _absent(rules, context.bucket) if document is None else document})

    handles(get)(get_setting)


def serve_deletion(rules: Rules[D], delete: AnyOperation) -> None:
    """Make the handler that removes a setting."""

    async def delete_setting(context: Context, _: RequestBase) -> ResultBase:
        await context.services.buckets.delete_setting(context.bucket, rules.setting)
        return _result(delete)

    handles(delete)(delete_setting)


def _result(operation: AnyOperation, **fields: Any) -> ResultBase:
    result: ResultBase = operation.result(**fields)
    return result


def _absent(rules: Rules[D], bucket: Bucket) -> D:
    if isinstance(rules.default, type):
        raise rules.default(bucket_name=bucket.name)
    return rules.default
