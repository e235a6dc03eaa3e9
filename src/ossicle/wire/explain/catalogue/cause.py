"""What is known of a mistake."""

from enum import Enum

from ossicle.wire.records import record


class Group(Enum):
    """Where a mistake was made; the value is the heading in the documentation."""

    HEADERS = "Headers"
    METHOD = "Method"
    PATH = "Path and host"
    QUERY = "Query"
    SIGNER = "Signer"
    FORM = "Form uploads"
    SEEN = "Seen without comparing signatures"


@record
class Cause:
    """One mistake. `words` says what went wrong and `fix` what to do, both with facts in braces; `who` is who makes it."""

    id: str
    group: Group
    title: str
    words: str
    fix: str
    who: str = ""
