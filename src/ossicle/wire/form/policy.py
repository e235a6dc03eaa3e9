"""What whoever signed a form allows its sender: until when, which values of which fields, how large a file.

Source: https://help.aliyun.com/zh/oss/developer-reference/postobject and https://help.aliyun.com/zh/oss/developer-reference/signature-version-4-recommend
"""

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Final

from ossicle.wire.errors import AccessDenied, EntityTooLarge, EntityTooSmall, InvalidPolicyDocument
from ossicle.wire.form.fields import CONTENT_TYPE, KEY, OSS_CONTENT_TYPE, Fields
from ossicle.wire.records import record
from ossicle.wire.text import legible, parse_iso

_LENGTH: Final = "content-length-range"


class Operator(Enum):
    """How a condition compares a field."""

    EQUAL = "eq"
    STARTS_WITH = "starts-with"
    IN = "in"
    NOT_IN = "not-in"


_OF_LISTS: Final = (Operator.IN, Operator.NOT_IN)


@record
class Condition:
    """What one field must be like. `field` is in lower case; only `in` and `not-in` have more values than one."""

    operator: Operator
    field: str
    values: tuple[str, ...]

    def holds(self, value: str | None) -> bool:
        """Whether a field of this value, None for one that the form has not, fulfils the condition."""
        # OSS: what holds of a field that the form lacks is unverified.
        if self.operator is Operator.STARTS_WITH:
            return (value or "").startswith(self.values[0])
        return (value in self.values) is (self.operator is not Operator.NOT_IN)

    @property
    def text(self) -> str:
        """The condition as a policy writes it."""
        operand = list(self.values) if self.operator in _OF_LISTS else self.values[0]
        return json.dumps([self.operator.value, f"${self.field}", operand], ensure_ascii=False)


@record
class PostPolicy:
    """A policy that was read. The bounds of the file's size are inclusive, in bytes; None where there is none."""

    expiration: datetime
    conditions: tuple[Condition, ...]
    bytes_min: int = 0
    bytes_max: int | None = None

    def judge(
        self,
        fields: Fields,
        *,
        bucket: str,
        now: datetime,
        file_type: str | None = None,
        file_name: str | None = None,
    ) -> None:
        """Return if the form is in time and its fields are as they must be. A field that no condition names is free.

        Args:
            fields: those before the file.
            bucket: to which the form was posted.
            now: aware.
            file_type: the content type of the file's part, which is stored where no field tells one.
            file_name: the name of the file, which the key may have a place for.

        Raises:
            AccessDenied: the policy expired, or a condition fails, which the message names.
        """
        if now > self.expiration:
            raise AccessDenied("Invalid according to Policy: Policy expired.", ec="0006-00000213")
        for condition in self.conditions:
            holds = condition.holds(_value(fields, bucket, condition.field))
            # OSS: unverified. A field that is not there does not pass for another type than the one that is stored, and what may not be
            # does not come about by a file's name or by another field.
            if condition.operator is Operator.NOT_IN or condition.field == CONTENT_TYPE:
                holds = holds and condition.holds(_stored(fields, bucket, condition.field, file_type, file_name))
            if not holds:
                message = f"Invalid according to Policy: Policy Condition failed: {legible(condition.text)}"
                raise AccessDenied(message, ec="0006-00000227")

    def judge_size(self, size: int, *, is_whole: bool) -> None:
        """Return if a file of which so many bytes have come may still be, or with `is_whole` is, of the right size.

        Raises:
            EntityTooLarge, EntityTooSmall: it is not.
        """
        if self.bytes_max is not None and size > self.bytes_max:
            raise EntityTooLarge(proposed_size=str(size), max_size_allowed=str(self.bytes_max))
        if is_whole and size < self.bytes_min:
            raise EntityTooSmall(proposed_size=str(size), min_size_allowed=str(self.bytes_min))


def _value(fields: Fields, bucket: str, name: str) -> str | None:
    if name == "bucket":
        return bucket
    if name == CONTENT_TYPE and fields.get(OSS_CONTENT_TYPE):
        # OSS: unverified. It is what will be stored: judged otherwise, one field would get around the condition on the other.
        return fields.get(OSS_CONTENT_TYPE)
    return fields.get(name)


def _stored(fields: Fields, bucket: str, name: str, file_type: str | None, file_name: str | None) -> str | None:
    if name == KEY:
        return fields.key_of(file_name)
    if name in (CONTENT_TYPE, OSS_CONTENT_TYPE):
        return fields.get(OSS_CONTENT_TYPE) or fields.get(CONTENT_TYPE) or file_type
    return _value(fields, bucket, name)


def parse_policy(text: str) -> PostPolicy:
    """Return the policy of a form's field.

    Raises:
        InvalidPolicyDocument: it is not base64 of a JSON object with an expiration and conditions.
    """
    try:
        document = json.loads(base64.b64decode("".join(text.split()), validate=True))
    except (ValueError, RecursionError) as error:
        raise _invalid("Invalid JSON: the policy must be base64 of a JSON object.") from error
    if not isinstance(document, dict):
        raise _invalid("Invalid JSON: the policy must be a JSON object.")
    if "conditions" not in document and "expiration" not in document:
        raise _invalid("Policy document must have members named 'expiration' and 'conditions'.", "0006-00000209")
    if "conditions" not in document:
        raise _invalid("Policy document must have a member named 'conditions'.", "0006-00000207")
    if "expiration" not in document:
        raise _invalid("Policy document must have a member named 'expiration'.", "0006-00000208")
    return _parse_conditions(_parse_expiration(document["expiration"]), document["conditions"])


def _parse_expiration(value: object) -> datetime:
    if not isinstance(value, str):
        raise _invalid("The member 'expiration' must be a string.", "0006-00000210")
    if not value:
        raise _invalid("The member 'expiration' must not be empty.", "0006-00000211")
    moment = parse_iso(value)
    if moment is None:
        raise _invalid("The member 'expiration' must be a UTC time like 2023-12-17T04:56:28.000Z.")
    return moment


def _parse_conditions(expiration: datetime, items: object) -> PostPolicy:
    if not isinstance(items, list):
        raise _invalid("The member 'conditions' must be a list.")
    conditions: list[Condition] = []
    bytes_min, bytes_max = 0, None
    for item in items:
        if isinstance(item, dict):
            conditions.append(_parse_simple(item))
        elif isinstance(item, list) and item and item[0] == _LENGTH:
            low, high = _parse_range(item)
            bytes_min = max(bytes_min, low)
            bytes_max = high if bytes_max is None else min(bytes_max, high)
        else:
            conditions.append(_parse_condition(item))
    return PostPolicy(expiration=expiration, conditions=tuple(conditions), bytes_min=bytes_min, bytes_max=bytes_max)


def _parse_simple(item: dict[str, object]) -> Condition:
    if len(item) != 1:
        raise _invalid("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.")
    ((name, value),) = item.items()
    if not isinstance(value, str):
        raise _invalid("Invalid Simple-Condition: the value must be a string.")
    return Condition(operator=Operator.EQUAL, field=name.lower().removeprefix("$"), values=(value,))


def _parse_condition(item: object) -> Condition:
    if not isinstance(item, list) or len(item) != 3 or not isinstance(item[1], str):
        raise _invalid("Invalid Condition: it must be an object, or a list of operator, field and value.")
    operator = next((known for known in Operator if known.value == item[0]), None)
    if operator is None:
        raise _invalid("Invalid Condition: the operator must be eq, starts-with, in, not-in or content-length-range.")
    if not item[1].startswith("$"):
        raise _invalid("Invalid Condition: the field must begin with $.")
    values = item[2] if operator in _OF_LISTS else [item[2]]
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise _invalid("Invalid Condition: the value must be a string, or with in and not-in a list of strings.")
    return Condition(operator=operator, field=item[1][1:].lower(), values=tuple(values))


def _parse_range(item: Sequence[object]) -> tuple[int, int]:
    match item:
        case [_, int(low), int(high)] if type(low) is int and type(high) is int and 0 <= low <= high:
            return low, high
    raise _invalid("Invalid Condition: content-length-range must have two integers, the smaller one first.")


def _invalid(reason: str, ec: str | None = None) -> InvalidPolicyDocument:
    return InvalidPolicyDocument(f"Invalid Policy: {reason}", ec=ec)
