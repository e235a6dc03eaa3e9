"""How RAM and STS refuse: codes with dots, which are not those of OSS.

Source: https://help.aliyun.com/zh/ram/developer-reference/api-ram-2015-05-01-errorcodes
"""

from typing import Self

# OSS: all statuses but 400, 403 and 404 are unverified.


class RamError(Exception):
    """A refusal by RAM or STS: its code, the status it travels with, and a message for people."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status

    @classmethod
    def not_exist(cls, what: str) -> Self:
        """There is no such `User`, `Group`, `Role`, `Policy`, `User.AccessKey`, ..."""
        return cls(f"EntityNotExist.{what}", f"The {_words(what)} does not exist.", 404)

    @classmethod
    def already_exists(cls, what: str) -> Self:
        """There is one already."""
        return cls(f"EntityAlreadyExists.{what}", f"The {_words(what)} already exists.", 409)

    @classmethod
    def delete_conflict(cls, what: str) -> Self:
        """Something hangs on it: `User.AccessKey`, `Policy.User`, ..."""
        owner, _, part = what.partition(".")
        return cls(
            f"DeleteConflict.{what}", f"The {owner.lower()} can't be deleted: it still has {_plural(part)}.", 409
        )

    @classmethod
    def limit_exceeded(cls, what: str, most: int) -> Self:
        """There are as many as there may be."""
        owner, _, part = what.partition(".")
        return cls(f"LimitExceeded.{what}", f"A {owner.lower()} may have at most {most} {_plural(part)}.", 409)

    @classmethod
    def invalid(cls, parameter: str, message: str) -> Self:
        """A parameter is not what it must be."""
        return cls(f"InvalidParameter.{parameter}", message, 400)

    @classmethod
    def no_permission(cls) -> Self:
        """The caller may not."""
        return cls("NoPermission", "You are not authorized to do this action. You should be authorized by RAM.", 403)


def _words(what: str) -> str:
    return " ".join("access key" if part == "AccessKey" else part.lower() for part in what.split("."))


def _plural(what: str) -> str:
    words = _words(what)
    return f"{words.removesuffix('y')}ies" if words.endswith("cy") else f"{words}s"
