"""Server-side encryption as requests ask for it: three headers, judged together.

Source: https://help.aliyun.com/zh/oss/user-guide/server-side-encryption
"""

from typing import Final

from ossicle.wire.errors import InvalidArgument, InvalidEncryptionAlgorithmError
from ossicle.wire.records import record

ALGORITHM: Final = "x-oss-server-side-encryption"
KEY_ID: Final = "x-oss-server-side-encryption-key-id"
DATA_ENCRYPTION: Final = "x-oss-server-side-data-encryption"
_KMS: Final = "KMS"
_ALGORITHMS: Final = ("AES256", _KMS, "SM4")


@record
class Encryption:
    """What an object says of its encryption: `algorithm` AES256, KMS or SM4; with KMS a key's id, and SM4 for the data."""

    algorithm: str
    key_id: str | None = None
    data_encryption: str | None = None


def judge_encryption(algorithm: str | None, key_id: str | None, data_encryption: str | None) -> Encryption | None:
    """Return the encryption that three headers ask for; None when they ask for none. An empty key id is none.

    Raises:
        InvalidArgument: a key id, or an algorithm for the data, without KMS.
        InvalidEncryptionAlgorithmError: an algorithm that OSS does not know.
    """
    if algorithm is not None and algorithm not in _ALGORITHMS:
        raise InvalidEncryptionAlgorithmError
    for name, value in ((KEY_ID, key_id), (DATA_ENCRYPTION, data_encryption)):
        if value and algorithm != _KMS:
            raise InvalidArgument(argument_name=name, argument_value=value)
    if data_encryption and data_encryption != "SM4":
        raise InvalidEncryptionAlgorithmError
    if algorithm is None:
        return None
    return Encryption(algorithm=algorithm, key_id=key_id or None, data_encryption=data_encryption or None)
