"""A client whose clock is wrong: some official SDKs learn the time from the refusal and try again."""

import pytest

from tests.conformance.sdks import Refused, Speaker
from tests.support.server import ServerProcess

# How often an SDK is refused before it has learned the time: Go tries again by itself, Java is right at the next call. The
# others never learn, but for ali-oss in a browser.
REFUSED_FIRST = {"go": 0, "java": 1}


@pytest.mark.parametrize("signature", ["v4", "v1"])
def test_a_clock_that_is_an_hour_late(sdk: Speaker, late: ServerProcess, signature: str) -> None:
    keys = {"access_key_id": late.access_key_id, "access_key_secret": late.access_key_secret}
    style = "path" if sdk.name == "node" else "ip"
    address = late.endpoint.replace("127.0.0.1", "localhost") if sdk.name == "node" else late.endpoint
    wrong = sdk.with_bucket("demo").with_settings(endpoint=address, style=style, signature=signature, **keys)
    for _ in range(REFUSED_FIRST.get(sdk.name, 2)):
        with pytest.raises(Refused) as refused:
            wrong("put_object", key=sdk.name, body=b"late")
        assert refused.value.status in {403, None}
        assert (refused.value.code, refused.value.ec) == ("RequestTimeTooSkewed", "0002-00000504")
    if sdk.name in REFUSED_FIRST:
        wrong("put_object", key=sdk.name, body=b"in time")
        assert wrong("get_object", key=sdk.name)["body"] == b"in time"
