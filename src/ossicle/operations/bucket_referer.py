"""Operations on which pages may link to objects of a bucket, and the judgement of a request by it."""

from dataclasses import replace
from typing import Final

from ossicle.model.referer import is_welcome
from ossicle.operations.settings import Rules, serve
from ossicle.wire.api.bucket_referer import (
    GET_BUCKET_REFERER,
    PUT_BUCKET_REFERER,
    REFERER,
    RefererConfiguration,
    RefererList,
)
from ossicle.wire.errors import AccessDenied, MalformedXML
from ossicle.wire.http import Headers
from ossicle.wire.setting import Documents

_NO_WORD_ON_EMPTY_EC: Final = "0033-00000002"
_NO_LIST_EC: Final = "0033-00000005"
_OPEN: Final = RefererConfiguration(
    allow_empty_referer=True, allow_truncate_query_string=True, truncate_path=False, referer_list=RefererList()
)


def _judge(configuration: RefererConfiguration) -> RefererConfiguration:
    # OSS: its pages on these ECs tell the status, 400; that the Code is MalformedXML is unverified.
    if configuration.allow_empty_referer is None:
        raise MalformedXML(ec=_NO_WORD_ON_EMPTY_EC)
    if configuration.referer_list is None:
        raise MalformedXML(ec=_NO_LIST_EC)
    truncates = configuration.allow_truncate_query_string
    return replace(
        configuration,
        allow_truncate_query_string=True if truncates is None else truncates,
        truncate_path=configuration.truncate_path or False,
    )


def judge_referer(documents: Documents, headers: Headers) -> None:
    """Judge a request that no Authorization header signs by the page that it comes from.

    Raises:
        AccessDenied: that page may not link to the bucket.
    """
    configuration = documents.get(REFERER)
    if configuration is not None and not is_welcome(configuration, headers.text(b"referer") or ""):
        raise AccessDenied("You are denied by bucket referer policy.")


serve(
    Rules(
        setting=REFERER,
        field="referer_configuration",
        judge=_judge,
        default=_OPEN,
    ),
    PUT_BUCKET_REFERER,
    GET_BUCKET_REFERER,
)
