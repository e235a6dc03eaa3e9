"""What may help against a failure, by its code."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ossicle.wire.errors import OssError

_BY_CODE: Final = {
    "NoSuchBucket": "`ossicle mb oss://BUCKET` makes one, `ossicle ls` lists yours",
    "InvalidAccessKeyId": "the server does not know this key: `ossicle config list` says where it comes from",
    "SignatureDoesNotMatch": "the secret is not that of the access key: `ossicle config list` says where each comes from",
    "AccessDenied": "these keys may not do this; `ossicle config list` says where they come from, `ossicle policy test` tells the owner why",
    "RequestTimeTooSkewed": "the clocks of this machine and of the server are more than 15 minutes apart",
    "NoSuchUpload": "the upload was completed or aborted; the same command again begins a new one",
    "FileImmutable": "it is retained: `GET ?worm` of the bucket says for how many days after its last modification",
    "BucketNotEmpty": "`ossicle rb --force` empties it first; `ossicle ls -r` and `ossicle ls --uploads` show what is in it",
    "BucketAlreadyExists": "the name is taken by somebody else; it has to be another one",
    "EntityNotExist.User": "`ossicle user list` shows all",
    "EntityNotExist.Group": "`ossicle group list` shows all",
    "EntityNotExist.Policy": "`ossicle policy list` shows all",
    "EntityNotExist.Role": "`ossicle role list` shows all",
    "EntityNotExist.User.AccessKey": "`ossicle key list USER` shows them",
    "LimitExceeded.User.AccessKey": "`ossicle key list USER` shows both; `ossicle key delete` makes room",
    "LimitExceeded.Policy.Version": "`ossicle policy versions` shows all; `ossicle policy delete --version` makes room",
    "DeleteConflict.User.AccessKey": "`ossicle user delete --force` takes keys, policies and groups from the user first",
    "DeleteConflict.User.Policy": "`ossicle user delete --force` takes keys, policies and groups from the user first",
    "DeleteConflict.User.Group": "`ossicle user delete --force` takes keys, policies and groups from the user first",
    "DeleteConflict.Group.Policy": "`ossicle group delete --force` takes policies and users from the group first",
    "DeleteConflict.Group.User": "`ossicle group delete --force` takes policies and users from the group first",
    "DeleteConflict.Role.Policy": "`ossicle role delete --force` takes policies from the role first",
    "NoPermission": "identities are managed with the key of the account's owner; `ossicle config list` says where these come from",
    "SecurityTokenExpired": "temporary keys have ended; get new ones",
}


def hint_of(error: BaseException) -> str | None:
    """Return what may help, or None."""
    from ossicle.client.failures import ConnectionFailed, ConnectionTimedOut, MalformedAnswer
    from ossicle.wire.errors import OssError

    if _has_own_hint(error):
        return None
    if isinstance(error, OssError):
        return _of_place(error) or explained(error) or _BY_CODE.get(error.code)
    if isinstance(error, ConnectionTimedOut):
        return "--connect-timeout and --read-timeout allow it more time"
    if isinstance(error, ConnectionFailed):
        return _of_connection(str(error))
    if isinstance(error, MalformedAnswer):
        return "--endpoint (OSS_ENDPOINT) may name something else than an OSS server"
    return None


def explained(error: "OssError") -> str | None:
    """Return what a server of ours found out about a refusal, or None."""
    from ossicle.wire.explain import UNEXPLAINED

    told = error.details.get("Explanation")
    return None if told == UNEXPLAINED.text else told


def _has_own_hint(error: BaseException) -> bool:
    """Whether somebody who knew more has left a note already."""
    return bool(getattr(error, "__notes__", ()))


def _of_place(error: "OssError") -> str | None:
    """Return how to go to where the bucket is, if that is what was wrong."""
    if endpoint := error.details.get("Endpoint"):
        return f"the bucket is at {endpoint}: --endpoint (OSS_ENDPOINT) and --region (OSS_REGION) say so"
    if "signing region" not in error.message:
        return None
    there = error.details.get("Region")
    is_there = f"the server is in {there}" if there else "the server is in another region than was signed for"
    return f"{is_there}: --region (OSS_REGION) says which; `ossicle config list` shows what it is now"


def _of_connection(message: str) -> str:
    lowered = message.lower()
    if "wrong_version_number" in lowered or "record layer failure" in lowered:
        return "the server speaks plain http: write the endpoint with http:// in front"
    if "certificate" in lowered:
        return "a certificate of your own: SSL_CERT_FILE=ca.pem trusts it, --skip-verify-cert takes any"
    if "name or service not known" in lowered or "name resolution" in lowered or "nodename nor" in lowered:
        return "the host has no address: is its name right? --path-style keeps the bucket out of it"
    return "is a server running there, and is the address right? `ossicle serve` starts one"
