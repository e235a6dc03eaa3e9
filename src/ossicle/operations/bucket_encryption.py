"""Operations on the default encryption of a bucket, and what it does to an upload."""

from typing import Final

from ossicle.operations.settings import Rules, serve
from ossicle.wire.api.bucket_encryption import (
    ENCRYPTION,
    OPERATIONS,
    PUT_BUCKET_ENCRYPTION,
    ApplyServerSideEncryptionByDefault,
    ServerSideEncryptionRule,
)
from ossicle.wire.encryption import Encryption, judge_encryption
from ossicle.wire.errors import MalformedXML, NoSuchServerSideEncryptionRule
from ossicle.wire.setting import Documents

_MALFORMED: Final = PUT_BUCKET_ENCRYPTION.malformed_ec


def _judge(rule: ServerSideEncryptionRule) -> ServerSideEncryptionRule:
    encryption = _encryption_of(rule)
    if encryption is None:
        raise MalformedXML(ec=_MALFORMED)
    return ServerSideEncryptionRule(
        apply_server_side_encryption_by_default=ApplyServerSideEncryptionByDefault(
            sse_algorithm=encryption.algorithm,
            kms_master_key_id=encryption.key_id,
            kms_data_encryption=encryption.data_encryption,
        )
    )


def _encryption_of(rule: ServerSideEncryptionRule) -> Encryption | None:
    wanted = rule.apply_server_side_encryption_by_default
    if wanted is None:
        return None
    return judge_encryption(wanted.sse_algorithm, wanted.kms_master_key_id, wanted.kms_data_encryption)


def default_encryption(documents: Documents) -> Encryption | None:
    """Return what a new object says of its encryption where its upload says nothing."""
    rule = documents.get(ENCRYPTION)
    return None if rule is None else _encryption_of(rule)


serve(
    Rules(
        setting=ENCRYPTION,
        field="server_side_encryption_rule",
        judge=_judge,
        default=NoSuchServerSideEncryptionRule,
    ),
    *OPERATIONS,
)
