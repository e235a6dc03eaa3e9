import pytest

from ossicle.wire.signing import Version
from tests.support.mistakes import header_signed, presigned

every_version = pytest.mark.parametrize("version", Version)
META = ("x-oss-meta-author", "ann")


@every_version
def test_a_header_that_was_added(version: Version) -> None:
    for sent in (presigned(version, headers=[META]), header_signed(version, headers=[META])):
        explanation = sent.having(x_oss_object_acl="private").explained()
        assert explanation is not None
        assert explanation.id == "header-added"
        assert "x-oss-object-acl" in explanation.text


@every_version
def test_headers_that_were_added(version: Version) -> None:
    sent = presigned(version).having(x_oss_meta_a="1", x_oss_meta_b="2", x_oss_storage_class="IA")
    assert sent.cause() == "headers-added"
    sent = presigned(version, headers=[("x-oss-storage-class", "IA")]).having(x_oss_meta_a="1", x_oss_meta_b="2")
    assert sent.cause() == "headers-added"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-oss-forbid-overwrite", "true"),
        ("x-oss-object-acl", "public-read"),
        ("x-oss-storage-class", "IA"),
        ("x-oss-server-side-encryption", "AES256"),
        ("x-oss-request-payer", "requester"),
    ],
)
def test_a_header_that_was_left_out(name: str, value: str) -> None:
    explanation = presigned(headers=[(name, value)]).but(headers={}).explained()
    assert explanation is not None
    assert explanation.id == "header-missing"
    assert f"{name}: {value}" in explanation.text


@every_version
def test_a_digest(version: Version) -> None:
    base64, hexadecimal = "XUFAKrxLKna5cZ2REBfFkg==", "5d41402abc4b2a76b9719d911017c592"
    assert presigned(version).having(content_md5=base64).cause() == "content-md5-added"
    signed = presigned(version, headers=[("Content-MD5", base64)])
    assert signed.having(content_md5=hexadecimal).cause() == "content-md5-form"
    signed = presigned(version, headers=[("Content-MD5", hexadecimal)])
    assert signed.having(content_md5=base64).cause() == "content-md5-form"


@every_version
@pytest.mark.parametrize("name", ["author", "x-author", "meta-author", "x-other-meta-author", "x-oss-author"])
def test_metadata_without_its_prefix(version: Version, name: str) -> None:
    explanation = presigned(version, headers=[META]).but(headers={name: "ann"}).explained()
    assert explanation is not None
    assert explanation.id == "metadata-prefix"
    assert name in explanation.text
    assert "x-oss-meta-author" in explanation.text


def test_metadata_of_several_names_without_its_prefix() -> None:
    sent = presigned(headers=[META, ("x-oss-meta-year", "26")]).but(
        headers={"author": "ann", "year": "26", "accept": "*"}
    )
    assert sent.cause() == "metadata-prefix"


@pytest.mark.parametrize("name", ["x-oss-meta-x-oss-meta-author", "x-oss-meta-meta-author"])
def test_metadata_with_its_prefix_twice(name: str) -> None:
    assert presigned(headers=[META]).but(headers={name: "ann"}).cause() == "metadata-prefix-twice"


@pytest.mark.parametrize(
    ("signed", "sent"),
    [
        ("x-oss-meta-first-name", "x-oss-meta-first_name"),
        ("x-oss-meta-first_name", "x-oss-meta-first-name"),
        ("x-oss-meta-a", "x_oss_meta_a"),
    ],
)
def test_underscores_in_names(signed: str, sent: str) -> None:
    assert presigned(headers=[(signed, "ann")]).but(headers={sent: "ann"}).cause() == "metadata-name"


@every_version
@pytest.mark.parametrize(
    ("signed", "sent", "how"),
    [
        ("ann", '"ann"', "quotes were added"),
        ('"ann"', "ann", "double quotes were taken off"),
        ("'ann'", "ann", "single quotes were taken off"),
        ("ann  lee", "ann lee", ""),
        ("ann lee", "ann  lee", "spaces were added"),
        ("annlee", "ann lee", "spaces were taken out or put in"),
        ("ann", "ANN", "upper case"),
        ("ann lee", "ann%20lee", "percent-encoded after signing"),
        ("ann%20lee", "ann lee", "percent-decoded after signing"),
        ("ann lee", "ann+lee", "written as +"),
        ("ann+lee", "ann lee", "became a space"),
    ],
)
def test_a_value_that_was_changed(version: Version, signed: str, sent: str, how: str) -> None:
    explanation = presigned(version, headers=[("x-oss-meta-author", signed)]).having(x_oss_meta_author=sent).explained()
    if not how:
        assert explanation is None, "how many spaces there were can't be known"
        return
    assert explanation is not None
    assert explanation.id == "header-changed"
    assert how in explanation.text


@pytest.mark.parametrize(
    ("signed", "sent"),
    [
        ("Zoë", "Zoë".encode("latin-1")),
        ("张三", "张三".encode("gbk")),
        ("Zoë", "Zoë".encode().decode("latin-1").encode()),
    ],
)
def test_a_value_in_another_character_set(signed: str, sent: bytes) -> None:
    request = presigned(headers=[("x-oss-meta-author", signed)]).having(x_oss_meta_author=sent)
    assert request.cause() == "header-charset"


def test_a_header_that_was_sent_twice() -> None:
    assert presigned(headers=[META]).having(x_oss_meta_author="ann,ann").cause() == "header-twice"
    assert presigned(headers=[META]).having(x_oss_meta_author="ann,bob").cause() == "header-twice"
    assert presigned(headers=[META]).having(x_oss_meta_author="bob,ann").cause() == "header-twice"


def test_a_usual_value_that_was_changed() -> None:
    sent = presigned(headers=[("x-oss-storage-class", "IA")]).having(x_oss_storage_class="Standard")
    assert sent.cause() == "header-changed"


def test_the_hash_of_the_payload() -> None:
    request = header_signed().having(
        x_oss_content_sha256="e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )
    assert request.cause() == "payload-hash"


@pytest.mark.parametrize("version", [Version.V4, Version.V2])
def test_a_list_of_headers_that_were_not_signed(version: Version) -> None:
    signed = header_signed(version)
    mark = "OSS4-HMAC-SHA256 " if version is Version.V4 else "OSS2 "
    listed = "AdditionalHeaders=host," if version is Version.V4 else "AdditionalHeaders:host,"
    authorization = str(signed.headers["Authorization"]).replace(mark, mark + listed)
    assert signed.having(authorization=authorization).cause() == "additional-list"
