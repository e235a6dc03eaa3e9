"""What operations that store an object do for a callback: judge it before the body, and make it after the commit."""

from typing import Any, Final

from ossicle.model.objects import ObjectVersion
from ossicle.operations.context import Context
from ossicle.operations.object_attributes import DEFAULT_CONTENT_TYPE
from ossicle.services.callbacks import Occasion
from ossicle.wire.callback import Callback, parse_callback, read_callback
from ossicle.wire.digest import render_md5
from ossicle.wire.form.fields import CALLBACK
from ossicle.wire.operation import Operation

PUBLIC_KEY_NAME: Final = "callback-key.pem"
"""Where the key is served, below `/_ossicle/`."""


async def judge_callback(context: Context) -> Callback | None:
    """Return the callback that a request asks for, of which nothing but the application can fail any more.

    Raises:
        InvalidArgument: it can't be made.
    """
    callback = read_callback(context.headers, context.query)
    if callback is not None:
        await context.services.callbacks.judge(callback)
    return callback


async def judge_form_callback(context: Context) -> Callback | None:
    """Return the callback that the fields of a form ask for, as `judge_callback` does."""
    fields = context.form.fields
    configuration = fields.get(CALLBACK)
    if configuration is None:
        return None
    callback = parse_callback(configuration, fields.variables())
    await context.services.callbacks.judge(callback)
    return callback


async def call_back(
    context: Context, callback: Callback, version: ObjectVersion, operation: Operation[Any, Any]
) -> bytes:
    """Tell the application of a version that is stored, and return its JSON answer.

    Raises:
        CallbackFailed: it gave none. The version stays.
    """
    bucket, md5 = context.bucket.name, version.content_md5
    # OSS: `imageInfo.*` are those of the image; here they are empty for any object. The last six are of newer versions (unverified).
    facts: dict[str, str | int] = {
        "bucket": bucket,
        "object": version.key,
        "etag": version.etag,
        "size": version.size,
        "mimeType": version.headers.content_type or DEFAULT_CONTENT_TYPE,
        "crc64": str(version.crc64),
        "contentMd5": "" if md5 is None else render_md5(md5),
        "vpcId": "",
        "clientIp": context.remote,
        "reqId": context.request_id,
        "operation": operation.name,
    }
    headers = [("x-oss-bucket", bucket), ("x-oss-request-id", context.request_id)]
    if context.principal.account is not None:
        headers.append(("x-oss-requester", context.principal.account))
    occasion = Occasion(
        facts=facts,
        public_key_url=f"{context.site.extranet_endpoint}/_ossicle/{PUBLIC_KEY_NAME}",
        headers=tuple(headers),
    )
    return await context.services.callbacks.call(callback, occasion)
