"""The mistakes that are known, as data: what a refusal says of each, and what the documentation does.

Rules of the package:

1. A cause of `Group.SEEN` is read off the request and the refusal alone. Any other is told only when the signature fits the request
   without the mistake.
2. Words and fixes are plain ASCII: they travel in a header.
"""

from typing import Final

from ossicle.wire.explain.catalogue.assembly import ASSEMBLY
from ossicle.wire.explain.catalogue.cause import Cause, Group
from ossicle.wire.explain.catalogue.form import FORM
from ossicle.wire.explain.catalogue.headers import HEADERS
from ossicle.wire.explain.catalogue.query import QUERY
from ossicle.wire.explain.catalogue.seen import SEEN, UNKNOWN
from ossicle.wire.explain.catalogue.signer import SIGNER
from ossicle.wire.explain.catalogue.target import METHOD, PATH

CATALOGUE: Final = (*HEADERS, *METHOD, *PATH, *QUERY, *SIGNER, *ASSEMBLY, *FORM, *SEEN)
"""Every cause, in the order of the documentation."""
CAUSES: Final = {cause.id: cause for cause in (*CATALOGUE, UNKNOWN)}

__all__ = ["CATALOGUE", "CAUSES", "UNKNOWN", "Cause", "Group"]
