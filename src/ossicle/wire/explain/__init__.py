"""Why a request is refused: the one mistake that makes its signature fit, in plain words and with what to do.

    explanation = explain(request, resource, claim, credentials) or UNEXPLAINED

Rules of the package:

1. The signing core judges: a mistake is named only when the whole signature fits the request without it. Nothing is ever compared with a
   part of a signature, so that nobody can guess one piece by piece.
2. An explanation never holds a secret, a signature, a token or a credential.
3. The work is bounded, by the number of tries and by the size of what is tried.
"""

from ossicle.wire.explain.catalogue import CATALOGUE, CAUSES, UNKNOWN, Cause, Group
from ossicle.wire.explain.explain import HEAD_BYTES_MAX, PARTS_MAX, TRIES_MAX, explain, explain_place
from ossicle.wire.explain.explanation import UNEXPLAINED, Explanation, Finding
from ossicle.wire.explain.forms import explain_form_signature
from ossicle.wire.explain.seen import SEEN_CODES, Refused, explain_refusal

__all__ = [
    "CATALOGUE",
    "CAUSES",
    "HEAD_BYTES_MAX",
    "PARTS_MAX",
    "SEEN_CODES",
    "TRIES_MAX",
    "UNEXPLAINED",
    "UNKNOWN",
    "Cause",
    "Explanation",
    "Finding",
    "Group",
    "Refused",
    "explain",
    "explain_form_signature",
    "explain_place",
    "explain_refusal",
]
