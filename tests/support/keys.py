"""Keys that people use, and those that a client, a proxy or a file system would be tempted to rewrite."""

from typing import Final

KEYS: Final = {
    "plain": "report.txt",
    "folders": "year/month/day/report.txt",
    "unicode": "Prüfbericht/отчёт/报告-📎.txt",
    "decomposed": "Pru\u0308fbericht.txt",
    "spaces": " two  spaces ",
    "percent": "100%25/%2F/%",
    "plus": "a+b c.txt",
    "dots": "a/../b/./../../etc/passwd",
    "two dots": "..",
    "double slash": "a//b///c",
    "leading slash": "/absolute",
    "leading slashes": "//host/share",
    "trailing slash": "folder/",
    "query": "what?is=this&that",
    "fragment": "#1; price=5$",
    "marks": "-_.~!*'(),:@[]{}|\\^`\"<>",
    "control": "tab\tline\nend\x7f",
    "reserved": "_ossicle/healthz",
    "longest": "k" * 1023,
    "longest unicode": "é" * 511 + "k",
}

REWRITTEN: Final = frozenset({"dots", "two dots"})
"""Those that `requests`, and curl without `--path-as-is`, send as another path than the one that was signed."""
