"""Mistakes in making a signature, or with the text of it."""

from typing import Final

from ossicle.wire.explain.catalogue.cause import Cause, Group

SIGNER: Final = (
    Cause(
        id="signature-case",
        group=Group.SIGNER,
        title="Signature in upper case",
        words="The signature is right but for its letter case.",
        fix="Write the 64 hexadecimal digits in lower case.",
        who="hand-written signers (.NET's `BitConverter`, `%X`)",
    ),
    Cause(
        id="signature-plus",
        group=Group.SIGNER,
        title="`+` of a signature not encoded",
        words="The signature has a space where it had a +: a plain + in a query means a space.",
        fix="Percent-encode the signature before it goes into the URL: + as %2B, / as %2F, = as %3D.",
        who="hand-written signers of version 1: base64 in a URL; it fails only now and then",
    ),
    Cause(
        id="signature-encoded-twice",
        group=Group.SIGNER,
        title="Signature encoded twice",
        words="The signature is right, but it was percent-encoded twice.",
        fix="Encode the signature once, or not at all where the HTTP library does it.",
        who="`urlencode(quote(signature))`, whole URLs encoded again",
    ),
    Cause(
        id="signature-padding",
        group=Group.SIGNER,
        title="`=` at the end of a signature lost",
        words="The signature is right but for the = at its end, which is missing.",
        fix="Keep the whole base64 text, = included.",
        who="programs that split parameters at every `=`",
    ),
    Cause(
        id="region-prefix",
        group=Group.SIGNER,
        title="Region with `oss-` in the key's derivation",
        words="The signing key was derived for region {signed}, and the credential says {sent}.",
        fix="Use the region without oss- (cn-hangzhou) in both.",
        who="hand-written signers that take the region from the endpoint's name",
    ),
    Cause(
        id="product-signed",
        group=Group.SIGNER,
        title="Another product in the key's derivation",
        words="The signing key was derived for product {signed}, and the credential says {sent}.",
        fix="Use oss as the product in both.",
        who="hand-written signers that come from another storage",
    ),
    Cause(
        id="key-not-derived",
        group=Group.SIGNER,
        title="Signed with the secret itself",
        words="The request was signed with the secret itself; version 4 signs with a key that is derived from it.",
        fix="Derive the key for day, region, product and aliyun_v4_request, or use an SDK.",
        who="hand-written signers that were made for version 1",
    ),
    Cause(
        id="secret-ending",
        group=Group.SIGNER,
        title="Line end or space behind the secret",
        words="The request was signed with a secret that has {sent} at its end.",
        fix="Strip the secret where it is read: from a file, an environment variable or a Kubernetes secret.",
        who="`echo` in place of `printf` into a file, secrets of Kubernetes, files from Windows",
    ),
    Cause(
        id="hash-of-other-version",
        group=Group.SIGNER,
        title="SHA-256 in version 1, or SHA-1 in version 2",
        words="The request says version {sent}, and was signed with the hash of version {signed}.",
        fix="Use HMAC-SHA1 for version 1 and HMAC-SHA256 for version 2, or better an SDK with version 4.",
        who="hand-written signers",
    ),
    Cause(
        id="expires-not-signed",
        group=Group.SIGNER,
        title="Date in place of the expiry signed",
        words="The URL says Expires={sent}, and the date line that was signed is {signed}.",
        fix="Sign the value of Expires, as it stands in the URL, on the fourth line.",
        who="hand-written signers of version 1 that were made for headers, times in milliseconds",
    ),
)
