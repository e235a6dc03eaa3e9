"""Patterns with `*` for any text and `?` for any one character."""


def has_match(pattern: str, text: str) -> bool:
    """Whether a pattern fits the whole text. It takes time in proportion to the product of their lengths at worst, whatever is asked."""
    at, place = 0, 0
    star, resumed = -1, 0
    while place < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, resumed = at, place
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", text[place]):
            at += 1
            place += 1
        elif star >= 0:
            # The last star takes one character more; what an earlier one takes need not be tried again.
            resumed += 1
            at, place = star + 1, resumed
        else:
            return False
    return not pattern[at:].strip("*")
