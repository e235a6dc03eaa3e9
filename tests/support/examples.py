"""The fenced examples of a Markdown page."""

import re
from dataclasses import dataclass
from typing import Final

_FENCE: Final = re.compile(
    r"^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=indent)```[ \t]*$", re.MULTILINE | re.DOTALL
)
RUN: Final = frozenset({"bash", "python"})
SHOWN: Final = frozenset({"text", "toml", "json", "xml", "http", "yaml", "javascript", "make", "go", "java", "html"})
"""Languages that are for reading only."""
NO_RUN: Final = "no-run"
"""Written behind the language, it marks an example that no test can run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One fenced block: its language, the words behind it, its text, and the line it begins on."""

    language: str
    marks: tuple[str, ...]
    text: str
    line: int

    @property
    def is_run(self) -> bool:
        """Whether it has to work as it stands."""
        return self.language in RUN and NO_RUN not in self.marks


def examples_of(page: str) -> list[Example]:
    """All examples of a page, in order."""
    return [
        Example(
            language=(words := found["info"].split() or [""])[0],
            marks=tuple(words[1:]),
            text=re.sub(rf"^{found['indent']}", "", found["text"], flags=re.MULTILINE),
            line=page.count("\n", 0, found.start()) + 1,
        )
        for found in _FENCE.finditer(page)
    ]
