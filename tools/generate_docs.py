"""Write the reference pages below docs/ from the code, or with --check compare them with it.

Each page is a function from nothing to Markdown: what it says is read off specifications, classes and settings, so that it can't
be out of date without `make check` and a test saying so.
"""

import argparse
import difflib
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import Field, fields
from pathlib import Path
from typing import Annotated, Final, get_args, get_origin, get_type_hints

from ossicle.app.settings import PREFIX, ServerSettings, environment_name, options
from ossicle.edge.explaining import SEARCH_SHARE
from ossicle.edge.metrics import Metrics
from ossicle.operations import HANDLERS
from ossicle.wire.api import OPERATIONS
from ossicle.wire.binding import Body, Header, HeaderPrefix, Parameter, SharedHeader
from ossicle.wire.errors import REGISTRY, OssError
from ossicle.wire.explain import CATALOGUE, HEAD_BYTES_MAX, PARTS_MAX, TRIES_MAX, UNKNOWN, Group
from ossicle.wire.operation import Access, AnyOperation, Level
from ossicle.wire.records import record
from tools.helps import helps

ROOT: Final = Path(__file__).resolve().parents[1]
DIFFERENCES: Final = ROOT / "docs" / "differences.md"
GENERATED: Final = "*Written by `make docs` from the code: changes belong there.*"

_DIFFERENCES_HEADER: Final = "| operations | OSS | Ossicle | evidence |"
_ALL: Final = frozenset({"all"})
_EVIDENCE: Final = re.compile(r"(documented|SDKs|unverified|own)\b")

_WHO: Final = {
    Access.READ: "the owner; others by the ACL, for reading",
    Access.WRITE: "the owner; others by the ACL, for writing",
    Access.READ_ACL: "the owner",
    Access.WRITE_ACL: "the owner",
    Access.MANAGE: "the owner",
}
_ADDRESS: Final = {Level.SERVICE: "/", Level.BUCKET: "/BUCKET", Level.OBJECT: "/BUCKET/KEY"}


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    lines = [" | ".join(header)]
    lines.append(" | ".join("---" for _ in lines[0].split(" | ")))
    lines += [" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)


def code(text: str) -> str:
    """Text as code, or nothing."""
    return f"`{text}`" if text else ""


def one_line(text: str | None) -> str:
    """A docstring's words on one line."""
    return " ".join((text or "").split())


def page(title: str, *blocks: str) -> str:
    """A whole page."""
    return "\n\n".join([f"# {title}", GENERATED, *blocks]) + "\n"


# -- operations


@record
class Difference:
    """A row of docs/differences.md: a known difference from the service, or a guess about it."""

    operations: frozenset[str]
    cells: tuple[str, ...]

    @property
    def is_of_all(self) -> bool:
        """Whether it has nothing to do with what is asked for."""
        return self.operations == _ALL


def known_differences(text: str) -> Iterable[Difference]:
    """The rows of docs/differences.md.

    Raises:
        ValueError: a row has not four columns, names no known operation, or does not say what it rests on.
    """
    known = {operation.name for operation in OPERATIONS}
    for line in text.partition("\n## ")[2].splitlines():
        if not line.startswith("|") or set(line) <= set("|- ") or line == _DIFFERENCES_HEADER:
            continue
        named, *cells = (cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip("|")))
        operations = frozenset(named.split(", "))
        if operations != _ALL and not operations <= known:
            raise ValueError(f"docs/differences.md: no operations of OSS: {named}\n{line}")
        if len(cells) != 3 or _EVIDENCE.match(cells[2]) is None:
            raise ValueError(f"docs/differences.md: without evidence:\n{line}")
        yield Difference(operations=operations, cells=tuple(cells))


def operations() -> str:
    """Every operation that is known, served or not, with the differences from OSS."""
    served = [operation for operation in OPERATIONS if operation.name in HANDLERS]
    unserved = [operation for operation in OPERATIONS if operation.name not in HANDLERS]
    rows = list(known_differences(DIFFERENCES.read_text(encoding="utf-8")))
    counts = (
        ("operations of OSS that are known", len(OPERATIONS)),
        ("served", len(served)),
        ("answered `501 NotImplemented`", len(unserved)),
        ("[differences](differences.md) and guesses", len(rows)),
    )
    return page(
        "Operations",
        table(("", "number"), ((what, str(number)) for what, number in counts)),
        "An operation that is not served answers `501 NotImplemented` to a caller who may ask, and never anything else. Paths are written in "
        "path style; with the bucket in the host name `/BUCKET` falls away. The action that a policy would name is `oss:` and the operation's name.",
        "The last column counts what is known to differ from OSS, or is a guess about it, for this operation alone; "
        "[more](#whatever-the-operation-is) has nothing to do with what is asked for.",
        table(
            ("operation", "request", "state", "differences"),
            (
                (
                    f"[{operation.name}]({operation.source})",
                    request_line(operation),
                    f"[served](#{operation.name.lower()})" if operation.name in HANDLERS else "501",
                    str(sum(operation.name in row.operations for row in rows) or ""),
                )
                for operation in served + unserved
            ),
        ),
        "## Whatever the operation is",
        table(("OSS", "Ossicle", "evidence"), (row.cells for row in rows if row.is_of_all)),
        *(section(operation, rows) for operation in served),
    )


def section(operation: AnyOperation, rows: Iterable[Difference]) -> str:
    """All that is known of one operation."""
    own = [row.cells for row in rows if operation.name in row.operations]
    page_of_oss = f"[documented]({operation.source})"
    told = [(oss, ours, re.sub(r"^documented(?!: \[)", page_of_oss, evidence)) for oss, ours, evidence in own]
    return "\n\n".join(
        [
            f"## {operation.name}",
            one_line(operation.request.__doc__),
            table(
                ("request", "who", "success"), [(request_line(operation), _WHO[operation.access], success(operation))]
            ),
            *fields_of(operation),
            *(("Differences from OSS:", table(("OSS", "Ossicle", "evidence"), told)) if told else ()),
        ]
    )


def request_line(operation: AnyOperation) -> str:
    """Method, path and selectors, with the header that selects if there is one."""
    query = "?" + "&".join(operation.selectors) if operation.selectors else ""
    line = code(f"{operation.method} {_ADDRESS[operation.level]}{query}")
    return line if operation.header_selector is None else f"{line} with {code(operation.header_selector.decode())}"


def success(operation: AnyOperation) -> str:
    """The status of success, and the limit of a document that comes with the request."""
    limit = operation.document_bytes_max
    return f"{operation.success_status}" + (f"; document of up to {limit // 1024} KiB" if limit else "")


def fields_of(operation: AnyOperation) -> Iterable[str]:
    """What the request takes besides the address, and what the answer tells."""
    taken = list(places(operation.request))
    if taken:
        yield f"{code(operation.request.__name__)} takes"
        yield table(("field", "travels as"), taken)
    told = list(places(operation.result))
    if told:
        yield f"{code(operation.result.__name__)} tells"
        yield table(("field", "travels as"), told)


def places(message: type) -> Iterable[tuple[str, str]]:
    """The fields of a request or result that travel, each with its place."""
    root = getattr(message, "XML_ROOT", None)
    for name, hint in get_type_hints(message, include_extras=True).items():
        if get_origin(hint) is Annotated:
            yield code(name), " and ".join(place(mark, root) for mark in get_args(hint)[1:])


def place(mark: object, root: str | None) -> str:
    """Where a field travels, in words."""
    match mark:
        case Header(name) | SharedHeader(name):
            return f"header {code(name)}"
        case HeaderPrefix(prefix):
            return f"headers {code(prefix + '*')}"
        case Parameter(name):
            return f"query {code(name)}"
        case Body(body):
            return f"document {code(f'<{body}>')}"
        case _:
            path = getattr(mark, "path", "")
            return f"element {code(f'{root}/{path}'.removesuffix('/.'))}"


# -- errors


def errors() -> str:
    """Every error, by status."""
    by_status: dict[int, list[type[OssError]]] = {}
    for kind in REGISTRY.values():
        by_status.setdefault(kind.status, []).append(kind)
    return page(
        "Errors",
        "What a refusal says, as OSS's XML document with `Code`, `Message`, `RequestId`, `HostId`, further elements by code, and the fine-grained "
        "`EC` where it is known. An answer to HEAD has no body: there the same document travels in `x-oss-err`, in base64. In Python each code "
        "is a class in `ossicle.errors`; a code that is not on this page becomes its base class `OssError`, with the code kept.",
        *(
            f"## {status}\n\n" + table(("code", "when", "message", "EC", "further elements"), map(error_row, kinds))
            for status, kinds in sorted(by_status.items())
        ),
    )


def error_row(kind: type[OssError]) -> tuple[str, ...]:
    """One code."""
    return (
        code(kind.code),
        one_line(kind.__doc__),
        kind.message,
        code(kind.ec or ""),
        ", ".join(map(code, kind.elements.values())),
    )


# -- settings


def settings() -> str:
    """Every setting of the server, and the keys, which have no flag."""
    keys = [item for item in fields(ServerSettings) if item not in options()]
    return page(
        "Settings",
        "Of `ossicle serve`. A flag comes before the environment, the environment before the file named by `--config` (or "
        "`OSSICLE_CONFIG`), which is TOML with the settings' names as they stand in the first column. Variables of repeatable settings are "
        "plural and hold a comma-separated list.",
        table(("setting", "flag", "variable", "default", "meaning"), map(setting_row, options())),
        "## Keys",
        "Secrets have no flag, since a list of processes shows flags to everybody.",
        table(("variable", "meaning"), ((code(PREFIX + item.name.upper()), item.metadata["key"]) for item in keys)),
        "Each can be given as a file instead, by the same name with `_FILE` at its end. Without a key of the owner a random one is made at the "
        "first start and kept in `root-key` in the data directory; start-up prints its id and that path, never the secret.",
    )


def setting_row(item: "Field[object]") -> tuple[str, ...]:
    """One setting."""
    flag = "--" + item.name.replace("_", "-")
    return code(item.name), code(flag), code(environment_name(item)), code(shown(item.default)), item.metadata["what"]


def shown(default: object) -> str:
    """A default as it would be written in a file."""
    if default is None or default == ():
        return ""
    if isinstance(default, bool):
        return str(default).lower()
    return ",".join(default) if isinstance(default, tuple) else str(default)


# -- metrics


def metrics() -> str:
    """Every metric, with its labels."""
    counters = Metrics()
    counters.count(operation="", status=200, code="", seconds=0, received_bytes=0, sent_bytes=0, explanation="none")
    rows = []
    for metric in sorted(counters.registry.collect(), key=lambda metric: metric.name):
        labels = {label for sample in metric.samples for label in sample.labels} - {"le"}
        name = metric.name + ("_total" if metric.type == "counter" else "")
        rows.append((code(name), metric.type, ", ".join(map(code, sorted(labels))), metric.documentation))
    return page(
        "Metrics",
        "At `/_ossicle/metrics`, in Prometheus's text format. Labels are operations, statuses and error codes, never a name that a user chose.",
        "Any worker answers for all of them. A worker that dies takes its requests in flight along and leaves its counters to its successor, so "
        "that they never go down while the server runs; they begin at nought when it starts.",
        table(("metric", "type", "labels", "meaning"), rows),
    )


# -- refusals


def refusals() -> str:
    """Every mistake that a refusal may name."""
    return page(
        "Why was my upload refused?",
        "Ossicle says so. With every refused signature it tries what people get wrong until the signature fits, and names that one cause:",
        "- in the header `x-ossicle-explanation` of the answer (`curl -i`, or the network tab of a browser), after the id of the cause;\n"
        "- in the element `Explanation` of its document, beside what OSS sends;\n"
        "- as `explanation` in the line of the access log, and counted as `ossicle_refusals_explained_total` in the [metrics](metrics.md).",
        f"{len(CATALOGUE)} mistakes are known. `SENT` stands for what arrived, `SIGNED` for what was signed, `NAME` for what it is about.",
        *(refusals_of(group) for group in Group),
        "## None of these",
        f"{UNKNOWN.words} {UNKNOWN.fix} The same is said of a wrong secret and of a key that nobody has, or that is disabled: which of "
        "these it is, is for the owner of the key to find out, not for whoever sends a request. Two mistakes at once are named where one of "
        "them is a method, or a header or parameter that was added.",
        "## What is not told",
        "A cause is named only when the whole signature fits without the mistake, so nobody learns anything who does not hold a "
        "valid URL or request. No secret, no signature, no token and no query stands in an explanation.",
        f"The work is bounded: at most {TRIES_MAX} tries for a request, none for one whose target and headers are longer than "
        f"{HEAD_BYTES_MAX} bytes or with more than {PARTS_MAX} parameters and headers, and no more than "
        f"{SEARCH_SHARE:.0%} of each second in each process; beyond it a refusal is OSS's own, "
        "without an explanation. `ossicle serve --no-explain` (or `OSSICLE_EXPLAIN=false`) switches it off.",
        "See also [how a URL is signed](signing.md), and [every error](errors.md).",
    )


def refusals_of(group: Group) -> str:
    """The mistakes of one kind."""
    rows = (
        (f"{cause.title} (`{cause.id}`)", f"{named_facts(cause.words)} **{named_facts(cause.fix)}**", cause.who)
        for cause in CATALOGUE
        if cause.group is group
    )
    return f"## {group.value}\n\n" + table(("mistake", "what it says", "made by"), rows)


def named_facts(text: str) -> str:
    """Words with names in place of their facts."""
    shown = text.replace("<", "&lt;").replace("&amp;", "`&amp;`").replace("__", r"\_\_")
    return re.sub(r"\{(\w+)\}", lambda fact: f"`{fact[1].upper()}`", shown)


# -- command line


def commands() -> str:
    """Every command, as it explains itself."""
    return page("Command line", *(f"{heading}```text\n{text}\n```" for heading, text in helps()))


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "docs/operations.md": operations,
    "docs/errors.md": errors,
    "docs/settings.md": settings,
    "docs/metrics.md": metrics,
    "docs/why-refused.md": refusals,
    "docs/cli-reference.md": commands,
}


def differences(root: Path) -> str:
    """What would have to change below `root`, as a diff; empty when all pages are up to date."""
    found: list[str] = []
    for name, write in PAGES.items():
        path = root / name
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        found += difflib.unified_diff(old.splitlines(True), write().splitlines(True), name, f"{name} (from the code)")
    return "".join(found)


def main() -> int:
    """Write or check, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 with a diff if a page is out of date"
    )
    if parser.parse_args().check:
        difference = differences(ROOT)
        if difference:
            print(f"{difference}\nGenerated documentation is out of date; run: make docs", file=sys.stderr)
        return int(bool(difference))
    for name, write in PAGES.items():
        (ROOT / name).write_text(write(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
