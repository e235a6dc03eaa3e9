"""Temporary keys as people hand them out: the SDKs of Alibaba Cloud ask for them, and whoever has the URL uploads."""

import json
import subprocess
import warnings
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import alibabacloud_oss_v2 as oss
import pytest
import requests

import ossicle
from tests.conformance.sdks import node_folder
from tests.support.server import ACCESS_KEY_ID, ACCESS_KEY_SECRET, REGION, ServerProcess
from tests.support.tools import need, need_package
from tests.support.waiting import wait_until

ACCOUNT = "1000000000000001"
ARN = f"acs:ram::{ACCOUNT}:role/uploader"
PROGRAM = Path(__file__).parent / "programs" / "assume_role.mjs"
Keys = dict[str, str]


def _packages() -> tuple[Any, Any, Any, Any]:
    """The SDKs of the generation before, whose sources warn when they are compiled."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return (
            need_package("oss2"),
            need_package("aliyunsdkcore.client"),
            need_package("aliyunsdkcore.request"),
            need_package("aliyunsdkcore.acs_exception.exceptions"),
        )


oss2, core, core_request, core_exceptions = _packages()


class Cloud:
    """The core SDK for Python, pointed at a server."""

    def __init__(self, server: ServerProcess, key_id: str = ACCESS_KEY_ID, secret: str = ACCESS_KEY_SECRET) -> None:
        self._server = server
        self._client = core.AcsClient(key_id, secret, REGION)

    def __call__(self, action: str, *, version: str = "2015-05-01", **given: str) -> Any:
        """Make a call.

        Raises:
            ServerException: the server refused.
        """
        request = core_request.CommonRequest(
            domain=self._server.endpoint.removeprefix("http://"), version=version, action_name=action
        )
        request.set_protocol_type("http")
        request.set_method("POST")
        for name, value in given.items():
            request.add_query_param(name, value)
        try:
            return json.loads(self._client.do_action_with_exception(request))
        finally:
            # Left open, a connection is a warning in whichever test its collection falls into.
            self._client.session.close()

    def assume(self, **given: str) -> Keys:
        """Assume the role."""
        found: Keys = self("AssumeRole", version="2015-04-01", RoleArn=ARN, RoleSessionName="phone", **given)[
            "Credentials"
        ]
        return found


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "1", "Statement": list(statements)})


def allow(action: str, resource: str = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": [action], "Resource": [resource]}


@pytest.fixture(scope="module")
def hasty_server(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server whose sessions may be as short as a second."""
    folder = tmp_path_factory.mktemp("sts")
    with ServerProcess(folder / "data", arguments=["--sts-min-seconds", "1"]) as running:
        yield running


@pytest.fixture(scope="module")
def user(hasty_server: ServerProcess) -> Cloud:
    """A user who may assume the role `uploader`, which may put and get objects; all made over RAM's own API."""
    owner = Cloud(hasty_server)
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": [f"acs:ram::{ACCOUNT}:root"]}}
    owner("CreateRole", RoleName="uploader", AssumeRolePolicyDocument=document(trust))
    owner("CreatePolicy", PolicyName="objects", PolicyDocument=document(allow("oss:PutObject"), allow("oss:GetObject")))
    owner("AttachPolicyToRole", PolicyType="Custom", PolicyName="objects", RoleName="uploader")
    owner("CreateUser", UserName="site")
    owner("AttachPolicyToUser", PolicyType="System", PolicyName="AliyunSTSAssumeRoleAccess", UserName="site")
    key = owner("CreateAccessKey", UserName="site")["AccessKey"]
    return Cloud(hasty_server, key["AccessKeyId"], key["AccessKeySecret"])


def with_ossicle(server: ServerProcess, keys: Keys, key: str) -> str:
    provider = ossicle.credentials.StaticCredentialsProvider(
        keys["AccessKeyId"], keys["AccessKeySecret"], keys["SecurityToken"]
    )
    config = ossicle.Config(region=REGION, endpoint=server.endpoint, credentials_provider=provider, use_path_style=True)
    with ossicle.Client(config) as client:
        return client.presign(ossicle.PutObjectRequest(bucket="demo", key=key), expires=timedelta(hours=1)).url


def with_the_sdk(server: ServerProcess, keys: Keys, key: str) -> str:
    config = oss.config.load_default()
    config.credentials_provider = oss.credentials.StaticCredentialsProvider(
        keys["AccessKeyId"], keys["AccessKeySecret"], keys["SecurityToken"]
    )
    config.region, config.endpoint, config.use_path_style = REGION, server.endpoint, True
    made = oss.Client(config).presign(oss.PutObjectRequest(bucket="demo", key=key), expires=timedelta(hours=1))
    return str(made.url)


def with_oss2(server: ServerProcess, keys: Keys, key: str) -> str:
    auth = oss2.StsAuth(keys["AccessKeyId"], keys["AccessKeySecret"], keys["SecurityToken"])
    bucket = oss2.Bucket(auth, server.endpoint, "demo", is_path_style=True)
    return str(bucket.sign_url("PUT", key, 3600, slash_safe=True))


SIGNERS = [with_ossicle, with_the_sdk, with_oss2]
Sign = Callable[[ServerProcess, Keys, str], str]


def message(answer: requests.Response) -> tuple[int, str, str]:
    text = answer.text
    found = [text.partition(f"<{name}>")[2].partition("<")[0] for name in ("Code", "Message")]
    return answer.status_code, found[0], found[1]


@pytest.mark.parametrize("sign", SIGNERS)
def test_a_url_of_a_session_uploads_where_its_policy_lets_it(
    hasty_server: ServerProcess, user: Cloud, sign: Sign
) -> None:
    keys = user.assume(Policy=document(allow("oss:PutObject", "acs:oss:*:*:demo/phone/*")), DurationSeconds="900")
    assert requests.put(sign(hasty_server, keys, "phone/a b+ü"), data=b"1", timeout=10).status_code == 200
    assert message(requests.put(sign(hasty_server, keys, "else/a"), data=b"1", timeout=10)) == (
        403,
        "AccessDenied",
        "Access denied by authorizer's policy.",
    )


@pytest.mark.parametrize("sign", SIGNERS)
def test_a_url_ends_with_the_session_that_signed_it(hasty_server: ServerProcess, user: Cloud, sign: Sign) -> None:
    keys = user.assume(DurationSeconds="2")
    url = sign(hasty_server, keys, "ends")
    assert requests.put(url, data=b"1", timeout=10).status_code == 200
    wait_until(
        lambda: requests.put(url, data=b"2", timeout=10).status_code != 200, seconds=15, what="the end of a session"
    )
    assert message(requests.put(url, data=b"2", timeout=10))[:2] == (403, "SecurityTokenExpired")


def test_the_sdk_is_told_why_it_may_not(hasty_server: ServerProcess, user: Cloud) -> None:
    with pytest.raises(core_exceptions.ServerException) as refusal:
        user("CreateUser", UserName="another")
    assert (refusal.value.get_http_status(), refusal.value.get_error_code()) == (403, "NoPermission")
    with pytest.raises(core_exceptions.ServerException) as refusal:
        Cloud(hasty_server).assume()
    assert (refusal.value.get_http_status(), refusal.value.get_error_code()) == (403, "NoPermission")


def test_ali_oss_assumes_a_role_and_uploads(hasty_server: ServerProcess, user: Cloud) -> None:
    node, folder = need("node", "nodejs"), node_folder()
    program = folder / PROGRAM.name
    program.write_text(PROGRAM.read_text())
    owner = Cloud(hasty_server)
    key = owner("CreateAccessKey", UserName="site")["AccessKey"]
    given = {
        # An address for an endpoint makes this SDK name the bucket twice, in the path and as the host.
        "endpoint": hasty_server.endpoint.replace("127.0.0.1", "localhost"),
        "region": REGION,
        "accessKeyId": key["AccessKeyId"],
        "accessKeySecret": key["AccessKeySecret"],
        "role": ARN,
    }
    done = subprocess.run(
        [node, str(program)],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"put": 200, "refused": "AccessDenied", "role": "InvalidParameter.RoleArn"}
    owner("DeleteAccessKey", UserName="site", UserAccessKeyId=key["AccessKeyId"])
