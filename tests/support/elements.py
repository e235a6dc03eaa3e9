"""What stands in the document of an answer."""

from ossicle.wire.xml import Element
from tests.support.inprocess import Answer


def text(answer: Answer, name: str) -> str | None:
    """The text of a child of the root, None when there is none."""
    found = answer.xml.find(name)
    return None if found is None else found.text


def texts(answer: Answer, path: str) -> list[str]:
    """The texts of all elements at a path below the root."""
    nodes: list[Element] = [answer.xml]
    for name in path.split("/"):
        nodes = [child for node in nodes for child in node.children if child.name == name]
    return [node.text for node in nodes]
