import re

import pytest

from ossicle.wire import errors
from ossicle.wire.errors import REGISTRY, AccessDenied, InvalidArgument, NoSuchKey, OssError

CLASSES = sorted(REGISTRY.values(), key=lambda kind: kind.code)
every_class = pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: str(kind.code))


def test_the_registry_holds_every_class_of_the_module() -> None:
    defined = {
        name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, OssError)
    } - {"OssError"}
    assert defined == set(REGISTRY)
    assert len(REGISTRY) > 30


def test_a_second_class_of_a_code_is_refused_and_the_first_stays() -> None:
    first = REGISTRY["NoSuchKey"]
    with pytest.raises(TypeError, match="NoSuchKey is registered twice"):
        type("NoSuchKey", (OssError,), {}, status=404, message="again")
    assert REGISTRY["NoSuchKey"] is first


@every_class
def test_a_class_says_what_it_stands_for(kind: type[OssError]) -> None:
    error = kind()
    assert error.code == kind.__name__
    # A failed callback is no failed upload: the object is stored.
    assert error.status == 203 or 400 <= error.status <= 503
    assert error.message
    assert error.message == error.message.strip()
    assert "\n" not in error.message
    assert error.ec is None or re.fullmatch(r"\d{4}-\d{8}", error.ec)
    assert kind.__doc__
    assert kind.__doc__ != OssError.__doc__
    assert error.details == {}
    assert error.headers == ()
    assert str(error) == f"{error.code} ({error.status}): {error.message}"


@every_class
def test_every_further_element_has_an_xml_name_of_its_own(kind: type[OssError]) -> None:
    names = list(kind.elements.values())
    assert len(names) == len(set(names))
    for name in names:
        assert re.fullmatch(r"[A-Z][A-Za-z0-9-]*", name)
        assert name not in {"Code", "Message", "RequestId", "HostId", "EC", "RecommendDoc"}


@every_class
def test_a_permanent_refusal_has_no_code_that_official_clients_retry(kind: type[OssError]) -> None:
    if kind.code in {"BadRequest", "RequestTimeTooSkewed"}:  # those two have to be what they are
        return
    assert kind.status < 500 or kind.code in {"InternalError", "NotImplemented", "ServiceUnavailable"}
    assert kind.status not in {401, 408, 429}


def test_an_instance_may_say_more_than_its_class() -> None:
    error = AccessDenied(
        "Request has expired.",
        ec="0002-00000236",
        headers=(("Allow", "DELETE"),),
        expires="2023-12-17T04:56:28.000Z",
        server_time=None,
    )
    assert error.message == "Request has expired."
    assert error.ec == "0002-00000236"
    assert error.headers == (("Allow", "DELETE"),)
    assert error.details == {"Expires": "2023-12-17T04:56:28.000Z"}
    assert (AccessDenied.message, AccessDenied.ec) == ("AccessDenied", None)


def test_a_detail_that_the_class_does_not_know_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        NoSuchKey(bucket_name="b")


def test_what_is_received_is_of_its_class_and_says_what_was_said() -> None:
    error = OssError.received(code="NoSuchKey", status=404, message="Gone.", ec=None, details={"Key": "k", "Else": "e"})
    assert type(error) is NoSuchKey
    assert (error.code, error.status, error.message, error.ec) == ("NoSuchKey", 404, "Gone.", None)
    assert error.details == {"Key": "k", "Else": "e"}


def test_an_unknown_code_is_kept() -> None:
    error = OssError.received(code="Unheard", status=418, message="m", ec="1", details={})
    assert type(error) is OssError
    assert str(error) == "Unheard (418): m"
    assert OssError.code == "OssError"


def test_errors_are_equal_when_they_say_the_same() -> None:
    assert NoSuchKey(key="a") == NoSuchKey(key="a")
    assert hash(NoSuchKey(key="a")) == hash(NoSuchKey(key="a"))
    assert NoSuchKey(key="a") != NoSuchKey(key="b")
    assert NoSuchKey() != InvalidArgument()
    assert NoSuchKey() != "NoSuchKey (404): The specified key does not exist."


def test_any_of_them_is_caught_as_an_oss_error() -> None:
    with pytest.raises(OssError, match=r"^NoSuchKey \(404\): The specified key does not exist\.$"):
        raise NoSuchKey
