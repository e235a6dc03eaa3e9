import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.wire.names import BucketAcl, BucketName, ObjectAcl, StorageClass, Versioning
from ossicle.wire.values import INTEGER_MAX, parse_integer, plain_type, scalar_codec


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("-0", 0),
        ("007", 7),
        ("-1", -1),
        ("1000", 1000),
        (" 5\n", 5),
        ("9223372036854775807", INTEGER_MAX),
        ("-9223372036854775807", -INTEGER_MAX),
    ],
)
def test_an_integer_is_read(text: str, value: int) -> None:
    assert parse_integer(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        "--1",
        "+1",
        "1.0",
        "1e3",
        "0x10",
        "1_000",
        "1 000",
        "1,000",
        "ten",
        "1\0",
        "\u0661",  # an Arabic-Indic one, which int() would take
        "\uff11",  # a full-width one
        "\u00b2",  # a superscript two, which isdigit() takes
        "\u00a05",  # white space, but none of the wire's
        "9223372036854775808",
        "-9223372036854775808",
        "1" * 20,
        "1" * 100_000,
    ],
)
def test_anything_else_is_no_integer(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text.strip(' '))}$"):
        parse_integer(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("TRUE", True), (" True ", True), ("false", False), ("", False), ("yes", False), ("1", False)],
)
def test_a_bool_is_true_by_one_word(text: str, value: bool) -> None:
    assert scalar_codec(bool).from_text(text) is value


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (str, " as it is\t", " as it is\t"),
        (BucketName, "examplebucket", "examplebucket"),
        (int, -12, "-12"),
        (bool, True, "true"),
        (bool, False, "false"),
        (StorageClass, StorageClass.COLD_ARCHIVE, "ColdArchive"),
        (Versioning, Versioning.ENABLED, "Enabled"),
        (datetime, datetime(2023, 12, 17, 3, 56, 28, tzinfo=UTC), "2023-12-17T03:56:28.000Z"),
        (datetime, datetime(2023, 12, 17, 3, 56, 28, 7000, tzinfo=UTC), "2023-12-17T03:56:28.007Z"),
    ],
)
def test_both_directions(kind: object, value: object, text: str) -> None:
    codec = scalar_codec(kind)
    assert codec.to_text(value) == text
    assert codec.from_text(text) == value


@given(st.integers(-INTEGER_MAX, INTEGER_MAX))
def test_integers_come_back(value: int) -> None:
    codec = scalar_codec(int)
    assert codec.from_text(codec.to_text(value)) == value


@given(st.text())
def test_text_of_another_type_is_a_value_error_and_nothing_else(text: str) -> None:
    for kind in (int, datetime, StorageClass):
        codec = scalar_codec(kind)
        try:
            value = codec.from_text(text)
        except ValueError:
            continue
        assert value == codec.from_text(codec.to_text(value))


def test_an_enum_field_may_be_given_as_text() -> None:
    assert scalar_codec(BucketAcl).to_text("public-read") == "public-read"


@pytest.mark.parametrize(
    ("kind", "message", "ec", "ec_of_empty"),
    [
        (BucketAcl, "no such bucket access control exists", "0015-00000204", "0015-00000204"),
        (ObjectAcl, "no such object access control exists", "0017-00000104", "0017-00000105"),
        (StorageClass, "No such bucket storage class exists.", None, None),
        (int, "Invalid Argument.", None, None),
    ],
)
def test_a_refusal_names_argument_and_value(
    kind: object, message: str, ec: str | None, ec_of_empty: str | None
) -> None:
    for value, expected in (("the value", ec), ("", ec_of_empty)):
        refusal = scalar_codec(kind).refuse("the-argument", value)
        assert (refusal.message, refusal.ec) == (message, expected)
        assert refusal.details == {"ArgumentName": "the-argument", "ArgumentValue": value}


def test_only_a_moment_is_written_as_one() -> None:
    with pytest.raises(TypeError):
        scalar_codec(datetime).to_text("2023-12-17T03:56:28.000Z")


@pytest.mark.parametrize("kind", [bytes, float, dict, list[int], Callable[[], Any]])
def test_a_type_without_a_text_form_is_a_mistake_of_the_declaration(kind: object) -> None:
    with pytest.raises(TypeError, match="no text form"):
        scalar_codec(kind)


@pytest.mark.parametrize(
    ("annotation", "kind"),
    [
        (int, int),
        (int | None, int),
        (None | int, int),
        (StorageClass | str | None, StorageClass),
        (str | StorageClass | None, StorageClass),
        (dict[str, str] | None, dict[str, str]),
    ],
)
def test_the_type_behind_an_optional(annotation: object, kind: object) -> None:
    assert plain_type(annotation) == kind
