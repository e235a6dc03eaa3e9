"""Answers in both forms."""

from ossicle.wire.rpc import render

TOLD = {"RequestId": "R", "Users": {"User": [{"UserName": "a<b"}, {"UserName": "é"}]}, "IsTruncated": False}


def test_json_is_ascii() -> None:
    assert render("X", TOLD, is_xml=False) == (
        b'{"RequestId":"R","Users":{"User":[{"UserName":"a<b"},{"UserName":"\\u00e9"}]},"IsTruncated":false}'
    )


def test_xml_repeats_the_elements_of_a_list() -> None:
    assert render("ListUsersResponse", TOLD, is_xml=True).decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<ListUsersResponse><RequestId>R</RequestId><Users><User><UserName>a&lt;b</UserName></User>'
        "<User><UserName>é</UserName></User></Users><IsTruncated>false</IsTruncated></ListUsersResponse>"
    )
