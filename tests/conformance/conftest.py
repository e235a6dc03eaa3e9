"""The service that the SDKs are pointed at, the SDKs, and buckets with random names, removed with all that is in them."""

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import alibabacloud_oss_v2 as oss
import pytest

from tests.conformance import late_server
from tests.conformance import sdks as official
from tests.conformance.hosts import Hosts
from tests.conformance.sdks import Sdks, Speaker
from tests.conformance.service import Service, service_of_run
from tests.support.server import ServerProcess

# The SDKs for Python leave connections to the collector of garbage, which finds them in the middle of another test.
UNCLOSED = "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"


# The first test of a program fetches the packages it needs, and builds it.
SECONDS_WITH_BUILD = 300


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.filterwarnings(UNCLOSED))
            item.add_marker(pytest.mark.timeout(SECONDS_WITH_BUILD))


@pytest.fixture(scope="module", autouse=True)
def collected() -> Iterator[None]:
    """Let none of it be found outside this folder."""
    yield
    gc.collect()


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("conformance")
    hosts = Hosts(folder / "hosts")
    with service_of_run(folder, hosts) as running, hosts.resolved():
        yield running


@pytest.fixture(scope="session")
def sdks(service: Service) -> Iterator[Sdks]:
    started = Sdks(service)
    yield started
    started.close()


@pytest.fixture(params=official.NAMES)
def sdk(request: pytest.FixtureRequest, sdks: Sdks, shared_bucket: str) -> Speaker:
    """Each SDK in turn, addressing the service in its first style, with a bucket that all share."""
    return sdks.speaker(request.param, shared_bucket)


@pytest.fixture(scope="session")
def client(service: Service) -> oss.Client:
    return service.client()


def made_bucket(service: Service, client: oss.Client) -> Iterator[str]:
    name = service.new_name()
    client.put_bucket(oss.PutBucketRequest(bucket=name))
    yield name
    service.empty_and_remove(name)


@pytest.fixture(scope="session")
def shared_bucket(service: Service, client: oss.Client) -> Iterator[str]:
    """A bucket for the whole run; tests keep to keys of their own."""
    yield from made_bucket(service, client)


@pytest.fixture(scope="module")
def bucket(service: Service, client: oss.Client) -> Iterator[str]:
    """A bucket for one module, private and empty at first."""
    yield from made_bucket(service, client)


@pytest.fixture(scope="session")
def late(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server whose clock is an hour ahead of everybody's, with a bucket `demo`."""
    wrapper = (sys.executable, late_server.__file__)
    folder = tmp_path_factory.mktemp("late")
    with ServerProcess(folder / "data", wrapper=wrapper, arguments=["--workers", "1"]) as server:
        yield server
