"""Settings that are judged, kept and told: each by its documents, what is refused, and what a bucket tells that never had one."""

from datetime import timedelta

import pytest

from ossicle.wire.records import record
from ossicle.wire.xml import Element
from tests.support.elements import text
from tests.support.inprocess import OTHER, Account, Answer, InProcessServer

MALFORMED = (400, "MalformedXML", "0015-00000231")
INVALID = (400, "InvalidArgument", None)


@record
class Case:
    """A setting on the wire. `never` is what it tells before it was set: a document, or a code with status 404."""

    selector: str
    root: str
    never: str
    kept: tuple[tuple[str, str], ...]
    """What is put, and what is told then."""
    refused: tuple[tuple[str, tuple[int, str, str | None]], ...]
    is_deleted: bool = False


UNLIMITED = "".join(
    f"<{where}{what}>-1</{where}{what}>"
    for what in ("UploadBandwidth", "DownloadBandwidth", "Qps")
    for where in ("Total", "Intranet", "Extranet")
)
CIPHERS = (
    "<CipherSuite><Enable>true</Enable><StrongCipherSuite>false</StrongCipherSuite><CustomCipherSuite>A</CustomCipherSuite>"
    "<CustomCipherSuite>B</CustomCipherSuite><TLS13CustomCipherSuite>C</TLS13CustomCipherSuite></CipherSuite>"
)


OVERWRITE_RULE = (
    "<Rule><ID>1</ID><Action>forbid</Action><Prefix>a/</Prefix><Suffix>.txt</Suffix>"
    "<Principals><Principal>27</Principal><Principal>28</Principal></Principals></Rule>"
)
TWO_CALLBACKS = (
    "<PolicyItem><PolicyName>n</PolicyName><Callback>e30=</Callback><CallbackVar>e30=</CallbackVar></PolicyItem>"
    "<PolicyItem><PolicyName>m</PolicyName><Callback>e30=</Callback></PolicyItem>"
)


TAG = "<Tag><Key>a</Key><Value>1</Value></Tag>"


def tags(count: int, key: str = "k", value: str = "v") -> str:
    inside = (f"<Tag><Key>{key}{number:02}</Key><Value>{value}</Value></Tag>" for number in range(count))
    return f"<TagSet>{''.join(inside)}</TagSet>"


def encrypting(inside: str) -> str:
    return f"<ApplyServerSideEncryptionByDefault>{inside}</ApplyServerSideEncryptionByDefault>"


CASES = (
    Case(
        selector="transferAcceleration",
        root="TransferAccelerationConfiguration",
        never="NoSuchTransferAccelerationConfiguration",
        kept=(("<Enabled>true</Enabled>", "<Enabled>true</Enabled>"), ("<Enabled>false</Enabled>",) * 2),
        refused=(("", MALFORMED), ("<Enabled>yes</Enabled>", MALFORMED), ("<enabled>true</enabled>", MALFORMED)),
        is_deleted=True,
    ),
    Case(
        selector="accessmonitor",
        root="AccessMonitorConfiguration",
        never="<Status>Disabled</Status>",
        kept=(("<Status>Enabled</Status>",) * 2, ("<Status>Disabled</Status>",) * 2),
        refused=(("", MALFORMED), ("<Status/>", MALFORMED), ("<Status>enabled</Status>", MALFORMED)),
    ),
    Case(
        selector="httpsConfig",
        root="HttpsConfiguration",
        never="<TLS><Enable>false</Enable></TLS>",
        kept=(
            ("<TLS><Enable>true</Enable><TLSVersion>TLSv1.3</TLSVersion></TLS>",) * 2,
            (
                "<TLS><Enable>true</Enable>"
                + "".join(f"<TLSVersion>TLSv1.{minor}</TLSVersion>" for minor in (2, 3, 2))
                + "</TLS>",
                "<TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion><TLSVersion>TLSv1.3</TLSVersion></TLS>",
            ),
            (
                "<TLS><Enable>false</Enable><TLSVersion>TLSv1.2</TLSVersion></TLS>",
                "<TLS><Enable>false</Enable></TLS>",
            ),
            (f"<TLS><Enable>false</Enable></TLS>{CIPHERS}",) * 2,
        ),
        refused=(
            ("", MALFORMED),
            ("<TLS/>", MALFORMED),
            ("<TLS><Enable>true</Enable></TLS>", MALFORMED),
            ("<TLS><Enable>on</Enable></TLS>", MALFORMED),
            ("<TLS><Enable>true</Enable><TLSVersion>TLSv1.4</TLSVersion></TLS>", MALFORMED),
            ("<CipherSuite><Enable>true</Enable></CipherSuite>", MALFORMED),
        ),
    ),
    Case(
        selector="resourceGroup",
        root="BucketResourceGroupConfiguration",
        never="<ResourceGroupId>rg-default</ResourceGroupId>",
        kept=(
            ("<ResourceGroupId>rg-aek27tc7</ResourceGroupId>",) * 2,
            ("<ResourceGroupId/>", "<ResourceGroupId>rg-default</ResourceGroupId>"),
        ),
        refused=(
            ("", MALFORMED),
            ("<ResourceGroupId>nobody</ResourceGroupId>", (400, "ResourceGroupIdPreCheckError", "0039-00000003")),
        ),
    ),
    Case(
        selector="bucketArchiveDirectRead",
        root="ArchiveDirectReadConfiguration",
        never="NoSuchArchiveDirectReadConfiguration",
        kept=(("<Enabled>true</Enabled>",) * 2, ("<Enabled>false</Enabled>",) * 2),
        refused=(("", MALFORMED), ("<Enabled>1</Enabled>", MALFORMED)),
    ),
    Case(
        selector="userDefinedLogFieldsConfig",
        root="UserDefinedLogFieldsConfiguration",
        never="NoSuchUserDefinedLogFieldsConfig",
        kept=(
            ("", ""),
            ("<HeaderSet><header>a</header><header>b</header></HeaderSet>",) * 2,
            ("<HeaderSet/><ParamSet><parameter>p</parameter></ParamSet>", "<HeaderSet></HeaderSet>" + "<ParamSet><parameter>p</parameter></ParamSet>"),
        ),
        refused=(),
        is_deleted=True,
    ),
    Case(
        selector="qos",
        root="BucketUserQos",
        never="<StorageCapacity>-1</StorageCapacity>",
        kept=(("<StorageCapacity>10</StorageCapacity>",) * 2, ("<StorageCapacity>-1</StorageCapacity>",) * 2),
        refused=(
            ("", MALFORMED),
            ("<StorageCapacity>much</StorageCapacity>", MALFORMED),
            ("<StorageCapacity>-2</StorageCapacity>", INVALID),
        ),
    ),
    Case(
        selector="qosInfo",
        root="QoSConfiguration",
        never=UNLIMITED,
        kept=(
            ("<TotalQps>5</TotalQps>", UNLIMITED.replace("<TotalQps>-1", "<TotalQps>5")),
            ("", UNLIMITED),
        ),
        refused=(("<ExtranetQps>-7</ExtranetQps>", INVALID), ("<TotalQps>x</TotalQps>", MALFORMED)),
        is_deleted=True,
    ),
    Case(
        selector="encryption",
        root="ServerSideEncryptionRule",
        never="NoSuchServerSideEncryptionRule",
        kept=(
            (encrypting("<SSEAlgorithm>AES256</SSEAlgorithm>"),) * 2,
            (encrypting("<SSEAlgorithm>KMS</SSEAlgorithm><KMSMasterKeyID/>"), encrypting("<SSEAlgorithm>KMS</SSEAlgorithm>")),
            (
                encrypting("<SSEAlgorithm>KMS</SSEAlgorithm><KMSMasterKeyID>k</KMSMasterKeyID><KMSDataEncryption>SM4</KMSDataEncryption>"),
            ) * 2,
        ),
        refused=(
            ("", MALFORMED),
            (encrypting(""), MALFORMED),
            (encrypting("<SSEAlgorithm>DES</SSEAlgorithm>"), (400, "InvalidEncryptionAlgorithmError", None)),
            (encrypting("<SSEAlgorithm>AES256</SSEAlgorithm><KMSMasterKeyID>k</KMSMasterKeyID>"), INVALID),
        ),
        is_deleted=True,
    ),
    Case(
        selector="publicAccessBlock",
        root="PublicAccessBlockConfiguration",
        never="<BlockPublicAccess>false</BlockPublicAccess>",
        kept=(
            ("<BlockPublicAccess>true</BlockPublicAccess>",) * 2,
            ("<BlockPublicAccess>false</BlockPublicAccess>",) * 2,
        ),
        refused=(
            ("<BlockPublicAccess>yes</BlockPublicAccess>", MALFORMED),
            ("<BlockPublicAcces>true</BlockPublicAcces>", MALFORMED),
            ("", MALFORMED),
        ),
        is_deleted=True,
    ),
    Case(
        selector="overwriteConfig",
        root="OverwriteConfiguration",
        never="NoSuchBucketOverwriteConfig",
        kept=(
            (OVERWRITE_RULE,) * 2,
            (
                "<Rule><ID>1</ID><Action>forbid</Action></Rule><Rule><ID>2</ID><Action>forbid</Action><Prefix/></Rule>",
                "".join(
                    f"<Rule><ID>{number}</ID><Action>forbid</Action><Prefix></Prefix><Suffix></Suffix><Principals></Principals></Rule>"
                    for number in (1, 2)
                ),
            ),
        ),
        refused=(
            ("", MALFORMED),
            ("<Rule/>", MALFORMED),
            ("<Rule><ID>1</ID><Action>allow</Action></Rule>", MALFORMED),
        ),
        is_deleted=True,
    ),
    Case(
        selector="tagging",
        root="Tagging",
        never="<TagSet></TagSet>",
        kept=(
            ("<TagSet><Tag><Key>a</Key><Value>1</Value></Tag><Tag><Key>123++</Key><Value></Value></Tag></TagSet>",) * 2,
            ("<TagSet><Tag><Key>%@abc</Key></Tag></TagSet>", "<TagSet><Tag><Key>%@abc</Key><Value></Value></Tag></TagSet>"),
            (tags(20, "k" * 62, "v" * 128),) * 2,
            ("<TagSet/>", "<TagSet></TagSet>"),
        ),
        refused=(
            ("", MALFORMED),
            (tags(21), (400, "TooManyTags", None)),
            (tags(1, "k" * 64), (400, "InvalidTag", None)),
            (tags(1, value="v" * 129), (400, "InvalidTag", None)),
            (tags(1, "Aliyun"), (400, "InvalidTag", None)),
            (tags(1, "http://a"), (400, "InvalidTag", None)),
            ("<TagSet><Tag><Value>1</Value></Tag></TagSet>", (400, "InvalidTag", None)),
            (f"<TagSet>{TAG}{TAG}</TagSet>", (400, "RepeatedTags", None)),
        ),
        is_deleted=True,
    ),
    Case(
        selector="policy&comp=callback",
        root="BucketCallbackPolicy",
        never="BucketCallbackPolicyNotExist",
        kept=(
            ("<PolicyItem><PolicyName>n</PolicyName><Callback>e30=</Callback></PolicyItem>",) * 2,
            (TWO_CALLBACKS,) * 2,
        ),
        refused=(("", MALFORMED), ("<PolicyItem><PolicyName>n</PolicyName></PolicyItem>", MALFORMED)),
        is_deleted=True,
    ),
)  # fmt: skip
cases = pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.selector))


def document(case: Case, inside: str) -> bytes:
    return f"<{case.root}>{inside}</{case.root}>".encode()


async def put(server: InProcessServer, case: Case, body: bytes) -> Answer:
    return await server.call("PUT", f"/bucket/?{case.selector}", body=body)


async def assert_told(server: InProcessServer, case: Case, inside: str) -> None:
    answer = await server.call("GET", f"/bucket/?{case.selector}")
    if inside and not inside.startswith("<"):
        assert answer.refusal == (404, inside, None)
        assert text(answer, "BucketName") == "bucket"
    else:
        assert (answer.status, answer.header("content-type")) == (200, "application/xml")
        assert answer.body.partition(b"?>\n")[2] == document(case, inside)


@pytest.fixture
async def bucket(server: InProcessServer) -> InProcessServer:
    """A server with `bucket` in it."""
    await server.put_bucket("bucket")
    return server


@cases
async def test_what_is_put_is_told(bucket: InProcessServer, case: Case) -> None:
    await assert_told(bucket, case, case.never)
    for sent, told in case.kept:
        answer = await put(bucket, case, document(case, sent))
        assert (answer.status, answer.body) == (200, b"")
        await assert_told(bucket, case, told)


@cases
async def test_unknown_elements_and_namespaces_mean_nothing(bucket: InProcessServer, case: Case) -> None:
    sent, told = case.kept[-1]
    body = f'<o:{case.root} xmlns:o="http://doc.oss-cn-hangzhou.aliyuncs.com"><Later>x</Later>{sent}</o:{case.root}>'.encode()
    assert (await put(bucket, case, body)).status == 200
    await assert_told(bucket, case, told)


@cases
async def test_what_is_refused_changes_nothing(bucket: InProcessServer, case: Case) -> None:
    sent, told = case.kept[0]
    await put(bucket, case, document(case, sent))
    wrong = [(document(case, inside), refusal) for inside, refusal in case.refused]
    wrong += [(b"", MALFORMED), (b"{}", MALFORMED), (b"<Other/>", MALFORMED), (document(case, sent)[:-1], MALFORMED)]
    for body, refusal in wrong:
        assert (await put(bucket, case, body)).refusal == refusal, body
        await assert_told(bucket, case, told)


@cases
async def test_it_is_deleted_where_oss_lets_it(bucket: InProcessServer, case: Case) -> None:
    await put(bucket, case, document(case, case.kept[0][0]))
    for _ in range(2):
        answer = await bucket.call("DELETE", f"/bucket/?{case.selector}")
        if case.is_deleted:
            assert (answer.status, answer.body) == (204, b"")
        else:
            assert answer.refusal == (405, "MethodNotAllowed", None)
    await assert_told(bucket, case, case.never if case.is_deleted else case.kept[0][1])


@cases
@pytest.mark.parametrize("caller", [OTHER, None], ids=["other", "anonymous"])
async def test_only_the_owner_sets_and_reads_it(bucket: InProcessServer, case: Case, caller: Account | None) -> None:
    await bucket.call("PUT", "/bucket/?acl", headers=[("x-oss-acl", "public-read-write")])
    body = document(case, case.kept[0][0])
    for method in ("PUT", "GET", *(["DELETE"] if case.is_deleted else [])):
        sent = body if method == "PUT" else b""
        answer = await bucket.call(method, f"/bucket/?{case.selector}", by=caller, body=sent)
        assert answer.refusal[:2] == (403, "AccessDenied")
    await assert_told(bucket, case, case.never)


@cases
async def test_a_bucket_made_anew_does_not_have_it(bucket: InProcessServer, case: Case) -> None:
    await put(bucket, case, document(case, case.kept[0][0]))
    assert (await bucket.call("DELETE", "/bucket/")).status == 204
    await bucket.put_bucket("bucket")
    await assert_told(bucket, case, case.never)


async def test_bucket_info_tells_what_was_set(bucket: InProcessServer) -> None:
    async def info(name: str) -> Element | None:
        return (await bucket.call("GET", "/bucket/?bucketInfo")).xml.children[0].find(name)

    for name in ("TransferAcceleration", "AccessMonitor"):
        element = await info(name)
        assert element is not None
        assert element.text == "Disabled"
    await bucket.call(
        "PUT", "/bucket/?transferAcceleration",
        body=b"<TransferAccelerationConfiguration><Enabled>true</Enabled></TransferAccelerationConfiguration>",
    )  # fmt: skip
    await bucket.call(
        "PUT", "/bucket/?accessmonitor",
        body=b"<AccessMonitorConfiguration><Status>Enabled</Status></AccessMonitorConfiguration>",
    )  # fmt: skip
    await bucket.call(
        "PUT", "/bucket/?resourceGroup",
        body=b"<BucketResourceGroupConfiguration><ResourceGroupId>rg-1</ResourceGroupId></BucketResourceGroupConfiguration>",
    )  # fmt: skip
    await bucket.call(
        "PUT", "/bucket/?publicAccessBlock",
        body=b"<PublicAccessBlockConfiguration><BlockPublicAccess>true</BlockPublicAccess></PublicAccessBlockConfiguration>",
    )  # fmt: skip
    names = ("TransferAcceleration", "AccessMonitor", "ResourceGroupId", "BlockPublicAccess")
    told = [await info(name) for name in names]
    assert [element and element.text for element in told] == ["Enabled", "Enabled", "rg-1", "true"]


DIRECTLY = "<ArchiveDirectReadConfiguration><Enabled>{}</Enabled></ArchiveDirectReadConfiguration>"
ASLEEP = (403, "InvalidObjectState", None)


@pytest.mark.parametrize(
    ("storage_class", "is_readable"), [("Archive", True), ("ColdArchive", False), ("DeepColdArchive", False)]
)
async def test_archives_are_read_directly_where_that_is_on(
    bucket: InProcessServer, storage_class: str, is_readable: bool
) -> None:
    await bucket.call("PUT", "/bucket/key", body=b"old", headers=[("x-oss-storage-class", storage_class)])
    copy = [("x-oss-copy-source", "/bucket/key")]
    for switch in ("false", "true", "false"):
        await bucket.call("PUT", "/bucket/?bucketArchiveDirectRead", body=DIRECTLY.format(switch).encode())
        read = await bucket.call("GET", "/bucket/key")
        copied = await bucket.call("PUT", "/bucket/copy", headers=copy)
        if switch == "true" and is_readable:
            assert (read.status, read.body, copied.status) == (200, b"old", 200)
        else:
            assert read.refusal[:2] == copied.refusal[:2] == ASLEEP[:2]
    bucket.clock.now += timedelta(days=1)
    assert (await bucket.call("GET", "/bucket/key")).status == 403


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("a", "bcd"), ("a,c", "bd"), ("%61,c", "bd"), ("x", "abcd"), ("a,b,c,d", ""), ("", ""), ("a,,", "bcd"), ("A", "abcd"),
    ],
)  # fmt: skip
async def test_some_tags_are_deleted_by_their_keys(bucket: InProcessServer, asked: str, left: str) -> None:
    def document_of(keys: str) -> bytes:
        inside = "".join(f"<Tag><Key>{key}</Key><Value>1</Value></Tag>" for key in keys)
        return f"<Tagging><TagSet>{inside}</TagSet></Tagging>".encode()

    await bucket.call("PUT", "/bucket/?tagging", body=document_of("abcd"))
    for _ in range(2):
        assert (await bucket.call("DELETE", f"/bucket/?tagging={asked}")).status == 204
        assert (await bucket.call("GET", "/bucket/?tagging")).body.partition(b"?>\n")[2] == document_of(left)
