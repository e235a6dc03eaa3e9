"""The policies that every account has from the beginning.

Source: https://help.aliyun.com/zh/ram/system-policies-for-common-services
"""

import json
from collections.abc import Mapping
from typing import Final


def _allow(*actions: str) -> str:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "1", "Statement": [statement]}, separators=(",", ":"))


SYSTEM_POLICIES: Final[Mapping[str, tuple[str, str]]] = {
    "AdministratorAccess": ("Everything.", _allow("*")),
    "AliyunOSSFullAccess": ("Everything in OSS.", _allow("oss:*")),
    "AliyunOSSReadOnlyAccess": ("Reading and listing in OSS.", _allow("oss:Get*", "oss:List*")),
    "AliyunSTSAssumeRoleAccess": ("Assuming roles.", _allow("sts:AssumeRole")),
    "AliyunRAMFullAccess": ("Everything in RAM.", _allow("ram:*")),
    "AliyunRAMReadOnlyAccess": ("Reading and listing in RAM.", _allow("ram:Get*", "ram:List*")),
}
"""What each is called: what it is for, and its document."""
