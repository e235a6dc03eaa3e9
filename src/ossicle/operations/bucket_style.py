"""Operations on the styles of a bucket. They are kept and told; no image is processed."""

import re
from dataclasses import replace
from typing import Final

from ossicle.operations.context import Context
from ossicle.operations.registry import handles
from ossicle.wire.api.bucket_style import (
    DELETE_STYLE,
    GET_STYLE,
    LIST_STYLE,
    PUT_STYLE,
    STYLES,
    DeleteStyleRequest,
    DeleteStyleResult,
    GetStyleRequest,
    GetStyleResult,
    ListStyleRequest,
    ListStyleResult,
    PutStyleRequest,
    PutStyleResult,
    StyleInfo,
    StyleList,
)
from ossicle.wire.errors import InvalidArgument, MalformedXML, NoSuchStyle
from ossicle.wire.text import render_http_date

_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,63}")
_STYLES_MAX: Final = 50
_NO_STYLES: Final = StyleList()


@handles(PUT_STYLE)
async def put_style(context: Context, request: PutStyleRequest) -> PutStyleResult:
    """Make a style, or replace one. When it was made stays."""
    if _NAME.fullmatch(request.style_name) is None:
        raise InvalidArgument(argument_name="styleName", argument_value=request.style_name)
    if request.style is None:
        raise MalformedXML(ec=PUT_STYLE.malformed_ec)
    if not request.style.content:
        # OSS: the code of this and of the limit is unverified.
        raise InvalidArgument("Style content is invalid.", argument_name="Content")
    now = render_http_date(context.clock())
    style = StyleInfo(
        name=request.style_name,
        content=request.style.content,
        create_time=now,
        last_modify_time=now,
        category=request.category or "image",
    )
    await context.services.buckets.change_setting(context.bucket, STYLES, lambda styles: _with(styles, style))
    return PutStyleResult()


def _with(found: StyleList | None, style: StyleInfo) -> StyleList:
    styles = {each.name: each for each in (found or _NO_STYLES).styles}
    if style.name in styles:
        style = replace(style, create_time=styles[style.name].create_time)
    elif len(styles) >= _STYLES_MAX:
        raise InvalidArgument("The number of styles exceeds the limit.", argument_name="styleName")
    styles[style.name] = style
    return StyleList(styles=tuple(styles.values()))


@handles(GET_STYLE)
async def get_style(context: Context, request: GetStyleRequest) -> GetStyleResult:
    """Tell what a style does."""
    for style in (await _styles(context)).styles:
        if style.name == request.style_name:
            return GetStyleResult(style=style)
    raise NoSuchStyle(style_name=request.style_name)


@handles(DELETE_STYLE)
async def delete_style(context: Context, request: DeleteStyleRequest) -> DeleteStyleResult:
    """Forget a style."""

    def without(found: StyleList | None) -> StyleList | None:
        left = tuple(style for style in (found or _NO_STYLES).styles if style.name != request.style_name)
        return StyleList(styles=left) if left else None

    await context.services.buckets.change_setting(context.bucket, STYLES, without)
    return DeleteStyleResult()


@handles(LIST_STYLE)
async def list_style(context: Context, _: ListStyleRequest) -> ListStyleResult:
    """Tell all styles."""
    return ListStyleResult(style_list=await _styles(context))


async def _styles(context: Context) -> StyleList:
    return await context.services.buckets.setting(context.bucket, STYLES) or _NO_STYLES
