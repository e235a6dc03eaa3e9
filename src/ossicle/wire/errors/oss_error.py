"""The class of every error of OSS, and the register of its codes."""

from collections.abc import Mapping
from typing import ClassVar

REGISTRY: dict[str, type["OssError"]] = {}


class OssError(Exception):
    """A refusal or failure as OSS tells it. An unknown code is this class itself, with the code kept.

    `details` holds the further XML elements by name; `headers` what the answer carries besides the document.
    """

    code: str = "OssError"
    status: int = 500
    message: str = ""
    ec: str | None = None
    elements: ClassVar[Mapping[str, str]] = {}

    def __init_subclass__(
        cls, *, status: int, message: str, ec: str | None = None, elements: Mapping[str, str] | None = None
    ) -> None:
        super().__init_subclass__()
        cls.code = cls.__name__
        cls.status = status
        cls.message = message
        cls.ec = ec
        cls.elements = elements or {}
        if cls.code in REGISTRY:
            raise TypeError(f"{cls.code} is registered twice")
        REGISTRY[cls.code] = cls

    def __init__(
        self,
        message: str | None = None,
        *,
        ec: str | None = None,
        status: int | None = None,
        headers: tuple[tuple[str, str], ...] = (),
        **details: str | None,
    ) -> None:
        self.message = self.message if message is None else message
        self.ec = self.ec if ec is None else ec
        self.status = self.status if status is None else status
        self.headers = headers
        self.details = {self.elements[name]: text for name, text in details.items() if text is not None}
        self.request_id = ""
        self.host_id = ""
        super().__init__(self.message)

    @classmethod
    def received(
        cls, *, code: str, status: int, message: str, ec: str | None, details: Mapping[str, str]
    ) -> "OssError":
        """Return what a server said as the class of its code."""
        error = REGISTRY.get(code, OssError)(message, status=status)
        error.code = code
        error.ec = ec  # what was said, not what this code says by default
        error.details = dict(details)
        return error

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OssError) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash((self.code, self.status, self.message))

    def _identity(self) -> tuple[object, ...]:
        return (self.code, self.status, self.message, self.ec, self.details, self.request_id, self.host_id)

    def __str__(self) -> str:
        return f"{self.code} ({self.status}): {self.message}"
