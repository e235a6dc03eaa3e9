"""Who posts a form: its fields tell, and nothing else of the request does."""

from datetime import datetime

from ossicle.edge.authentication import PRODUCTS
from ossicle.services.forms import Form
from ossicle.services.identity import ANONYMOUS, Identity, Principal
from ossicle.wire.form import parse_form_claim, parse_policy, verify_policy
from ossicle.wire.signing import judge_place


async def authenticate_form(form: Form, *, bucket: str, identity: Identity, region: str, now: datetime) -> Principal:
    """Return who signed the policy of a form, the policy judged; without one it is an anonymous form.

    The file is bound to the sizes of the policy from here on.

    Raises:
        OssError: the first of key, token, signature, policy, expiration and conditions that is refused.
    """
    claim = parse_form_claim(form.fields)
    if claim is None:
        return ANONYMOUS
    if claim.scope is not None:
        judge_place(claim.scope, region=region, products=PRODUCTS)
    key = await identity.access_key(claim.access_key_id, claim.security_token, now)
    verify_policy(claim, key.credentials)
    form.policy = parse_policy(claim.policy)
    file = form.file
    form.policy.judge(form.fields, bucket=bucket, now=now, file_type=file.content_type, file_name=file.filename)
    return key.principal
