"""PostObject's form: its bytes, its fields, its policy and the signature of that.

Rules of the package:

1. The reader takes bytes in any pieces, never holds more than the fields and a boundary, and gives the file away as it comes.
2. Names of fields are in lower case from the reader on; what is compared with a policy is what is used afterwards.
3. Order of judgement: `parse_form_claim`, the look-up of the key, `verify_policy`, `parse_policy`, `PostPolicy.judge`; then the file.
"""

from ossicle.wire.form.fields import Fields
from ossicle.wire.form.making import sign_form
from ossicle.wire.form.policy import Condition, Operator, PostPolicy, parse_policy
from ossicle.wire.form.reader import Event, Field, FileStart, FormReader, boundary_of
from ossicle.wire.form.signature import FormClaim, parse_form_claim, sign_policy, verify_policy

__all__ = [
    "Condition",
    "Event",
    "Field",
    "Fields",
    "FileStart",
    "FormClaim",
    "FormReader",
    "Operator",
    "PostPolicy",
    "boundary_of",
    "parse_form_claim",
    "parse_policy",
    "sign_form",
    "sign_policy",
    "verify_policy",
]
