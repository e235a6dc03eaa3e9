"""Pages of a listing make the whole, whatever is written and removed between them."""

import random
from urllib.parse import quote, unquote

import pytest

from tests.support.elements import text, texts
from tests.support.inprocess import InProcessServer

STEADY = [f"{folder}{number:02}" for folder in ("", "a/", "b/c/", "d/") for number in range(6)]
PASSING = [f"{folder}{number:02}x" for folder in ("", "a/", "aa/", "b/", "c/", "d/", "e/") for number in range(6)]


async def pages(server: InProcessServer, query: str, continued_by: tuple[str, str], chance: random.Random) -> list[str]:
    """Return keys and common prefixes of all pages; between two of them others write and remove."""
    parameter, element = continued_by
    found: list[str] = []
    marker = ""
    while True:
        answer = await server.call("GET", f"/bucket/?encoding-type=url&max-keys=3{query}{marker}")
        found += map(unquote, texts(answer, "Contents/Key") + texts(answer, "CommonPrefixes/Prefix"))
        if text(answer, "IsTruncated") == "false":
            return found
        marker = f"&{parameter}={quote(unquote(text(answer, element) or ''), safe='')}"
        for key in chance.sample(PASSING, 10):
            method = chance.choice(["PUT", "DELETE"])
            assert (await server.call(method, f"/bucket/{quote(key)}", body=b"x")).status in (200, 204)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("delimiter", ["", "/"])
@pytest.mark.parametrize(
    ("version", "continued_by"),
    [("", ("marker", "NextMarker")), ("&list-type=2", ("continuation-token", "NextContinuationToken"))],
    ids=["V1", "V2"],
)
async def test_what_is_there_all_the_time_is_told_once(
    server: InProcessServer, version: str, continued_by: tuple[str, str], delimiter: str, seed: int
) -> None:
    for key in STEADY:
        await server.put_object(f"/bucket/{quote(key)}", b"x")
    found = await pages(server, f"{version}&delimiter={quote(delimiter)}", continued_by, random.Random(seed))
    steady = {key.partition("/")[0] + "/" if delimiter and "/" in key else key for key in STEADY}
    assert len(found) == len(set(found))
    assert steady <= set(found)
