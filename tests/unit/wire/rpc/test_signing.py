"""Signature version 1.0, by the example of its documentation."""

from ossicle.wire.rpc import sign, string_to_sign

EXAMPLE = {
    "AccessKeyId": "testid",
    "Action": "CreateUser",
    "Format": "JSON",
    "SignatureMethod": "HMAC-SHA1",
    "SignatureNonce": "6a6e0ca6-4557-11e5-86a2-b8e8563dc8d2",
    "SignatureVersion": "1.0",
    "Timestamp": "2015-08-18T03:15:45Z",
    "UserName": "test",
    "Version": "2015-05-01",
}


def test_the_documented_example() -> None:
    assert string_to_sign("GET", EXAMPLE) == (
        "GET&%2F&AccessKeyId%3Dtestid%26Action%3DCreateUser%26Format%3DJSON%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce"
        "%3D6a6e0ca6-4557-11e5-86a2-b8e8563dc8d2%26SignatureVersion%3D1.0%26Timestamp%3D2015-08-18T03%253A15%253A45Z%26UserName"
        "%3Dtest%26Version%3D2015-05-01"
    )
    assert sign("GET", EXAMPLE, "testsecret") == "kRA2cnpJVacIhDMzXnoNZG9tDCI="


def test_the_signature_itself_is_not_signed_and_marks_are_encoded() -> None:
    assert sign("GET", {**EXAMPLE, "Signature": "x"}, "testsecret") == sign("GET", EXAMPLE, "testsecret")
    assert string_to_sign("POST", {"a": "~ *+/é"}) == "POST&%2F&a%3D~%2520%252A%252B%252F%25C3%25A9"
