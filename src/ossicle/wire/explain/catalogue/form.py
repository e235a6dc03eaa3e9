"""Mistakes with the policy of a form."""

from typing import Final

from ossicle.wire.explain.catalogue.cause import Cause, Group

FORM: Final = (
    Cause(
        id="policy-not-encoded",
        group=Group.FORM,
        title="JSON of the policy signed",
        words="The policy was signed as JSON; what has to be signed is its base64 text, as it stands in the form.",
        fix="Encode the policy in base64 first, put that text into the field policy, and sign the same text.",
        who="hand-written signers of forms",
    ),
    Cause(
        id="policy-changed",
        group=Group.FORM,
        title="Policy encoded anew after it was signed",
        words="The policy in the form is not the text that was signed, though it may mean the same.",
        fix="Sign the very text that goes into the field policy: base64 without line breaks, made once.",
        who="JSON that is written twice, base64 with line breaks, forms that turn + into a space",
    ),
)
