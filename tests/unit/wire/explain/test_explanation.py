from ossicle.wire.explain import UNEXPLAINED, Finding
from ossicle.wire.explain.explanation import Explanation, found


def test_a_line_is_ascii_and_printable_whatever_the_facts_are() -> None:
    explanation = found("content-type-guessed", {"sent": "text/ü\r\nX-Evil: 1\x00\x7f\udcff{0}"})
    assert explanation.line.isascii()
    assert explanation.line.isprintable()
    assert "X-Evil" in explanation.line
    assert "\r" not in explanation.text
    assert "ü" in explanation.text


def test_facts_are_cut() -> None:
    assert len(found("content-type-guessed", {"sent": "x" * 5000}).text) < 500


def test_two_causes() -> None:
    one, two = found("method", {"sent": "POST", "signed": "PUT"}), found("slash-added")
    both = Explanation(findings=(*one.findings, *two.findings))
    assert both.id == "method+slash-added"
    assert both.text == f"{one.text} {two.text}"
    assert isinstance(both.findings[0], Finding)


def test_the_neutral_sentence() -> None:
    assert UNEXPLAINED.id == "unknown"
    assert UNEXPLAINED.text.startswith("No single known mistake makes the signature fit.")
