"""A bucket as a website: index pages, an error page, and where else requests are sent."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.records import record
from ossicle.wire.setting import Setting, setting_operation


@record
class IndexDocument:
    """The page of a folder, by the name at the end of its key: of the root, or with `support_sub_dir` of each. `type` says what a folder without its slash is: 0 a redirect, 1 no page, 2 the page itself."""

    suffix: Annotated[str | None, Tag("Suffix")] = None
    support_sub_dir: Annotated[bool | None, Tag("SupportSubDir")] = None
    type: Annotated[int | None, Tag("Type")] = None


@record
class ErrorDocument:
    """The page for what is not there, and the status it comes with: 404, or 200."""

    key: Annotated[str | None, Tag("Key")] = None
    http_status: Annotated[int | None, Tag("HttpStatus")] = None


@record
class RoutingRuleIncludeHeader:
    """A header that a request has, as a whole, by its beginning or by its end."""

    key: Annotated[str | None, Tag("Key")] = None
    equals: Annotated[str | None, Tag("Equals")] = None
    starts_with: Annotated[str | None, Tag("StartsWith")] = None
    ends_with: Annotated[str | None, Tag("EndsWith")] = None


@record
class RoutingRuleCondition:
    """Which requests a rule is about; all that is said has to hold. With a status only those that would be answered so."""

    key_prefix_equals: Annotated[str | None, Tag("KeyPrefixEquals")] = None
    key_suffix_equals: Annotated[str | None, Tag("KeySuffixEquals")] = None
    http_error_code_returned_equals: Annotated[int | None, Tag("HttpErrorCodeReturnedEquals")] = None
    include_headers: Annotated[tuple[RoutingRuleIncludeHeader, ...], Tag("IncludeHeader")] = ()


@record
class MirrorHeadersSet:
    """A header that is set."""

    key: Annotated[str | None, Tag("Key")] = None
    value: Annotated[str | None, Tag("Value")] = None


@record
class MirrorHeaders:
    """Which headers go to the origin."""

    pass_all: Annotated[bool | None, Tag("PassAll")] = None
    passs: Annotated[tuple[str, ...], Tag("Pass")] = ()
    removes: Annotated[tuple[str, ...], Tag("Remove")] = ()
    sets: Annotated[tuple[MirrorHeadersSet, ...], Tag("Set")] = ()


@record
class MirrorTagging:
    """A tag for what is fetched."""

    key: Annotated[str | None, Tag("Key")] = None
    value: Annotated[str | None, Tag("Value")] = None


@record
class MirrorTaggings:
    """Tags for what is fetched."""

    taggings: Annotated[tuple[MirrorTagging, ...], Tag("Taggings")] = ()


@record
class MirrorAuth:
    """How a fetch is signed."""

    auth_type: Annotated[str | None, Tag("AuthType")] = None
    region: Annotated[str | None, Tag("Region")] = None
    access_key_id: Annotated[str | None, Tag("AccessKeyId")] = None
    access_key_secret: Annotated[str | None, Tag("AccessKeySecret")] = None


@record
class ReturnHeader:
    """A header of the answer."""

    key: Annotated[str | None, Tag("Key")] = None
    value: Annotated[str | None, Tag("Value")] = None


@record
class MirrorReturnHeaders:
    """Headers of the answer."""

    return_headers: Annotated[tuple[ReturnHeader, ...], Tag("ReturnHeader")] = ()


@record
class MirrorMultiAlternate:
    """Another origin."""

    mirror_multi_alternate_number: Annotated[int | None, Tag("MirrorMultiAlternateNumber")] = None
    mirror_multi_alternate_url: Annotated[str | None, Tag("MirrorMultiAlternateURL")] = None
    mirror_multi_alternate_vpc_id: Annotated[str | None, Tag("MirrorMultiAlternateVpcId")] = None
    mirror_multi_alternate_dst_region: Annotated[str | None, Tag("MirrorMultiAlternateDstRegion")] = None


@record
class MirrorMultiAlternates:
    """Other origins."""

    mirror_multi_alternates: Annotated[tuple[MirrorMultiAlternate, ...], Tag("MirrorMultiAlternate")] = ()


@record
class RoutingRuleRedirect:
    """Where a request is sent: `External` and `AliCDN` by a redirect, `Internal` to another object. `Mirror` is kept and told; nothing is fetched."""

    redirect_type: Annotated[str | None, Tag("RedirectType")] = None
    protocol: Annotated[str | None, Tag("Protocol")] = None
    host_name: Annotated[str | None, Tag("HostName")] = None
    http_redirect_code: Annotated[int | None, Tag("HttpRedirectCode")] = None
    replace_key_with: Annotated[str | None, Tag("ReplaceKeyWith")] = None
    replace_key_prefix_with: Annotated[str | None, Tag("ReplaceKeyPrefixWith")] = None
    enable_replace_prefix: Annotated[bool | None, Tag("EnableReplacePrefix")] = None
    pass_query_string: Annotated[bool | None, Tag("PassQueryString")] = None
    mirror_url: Annotated[str | None, Tag("MirrorURL")] = None
    mirror_url_slave: Annotated[str | None, Tag("MirrorURLSlave")] = None
    mirror_url_probe: Annotated[str | None, Tag("MirrorURLProbe")] = None
    mirror_sni: Annotated[bool | None, Tag("MirrorSNI")] = None
    mirror_pass_query_string: Annotated[bool | None, Tag("MirrorPassQueryString")] = None
    mirror_follow_redirect: Annotated[bool | None, Tag("MirrorFollowRedirect")] = None
    mirror_check_md5: Annotated[bool | None, Tag("MirrorCheckMd5")] = None
    mirror_headers: Annotated[MirrorHeaders | None, Tag("MirrorHeaders")] = None
    mirror_pass_original_slashes: Annotated[bool | None, Tag("MirrorPassOriginalSlashes")] = None
    mirror_allow_video_snapshot: Annotated[bool | None, Tag("MirrorAllowVideoSnapshot")] = None
    mirror_async_status: Annotated[int | None, Tag("MirrorAsyncStatus")] = None
    mirror_taggings: Annotated[MirrorTaggings | None, Tag("MirrorTaggings")] = None
    mirror_auth: Annotated[MirrorAuth | None, Tag("MirrorAuth")] = None
    mirror_dst_region: Annotated[str | None, Tag("MirrorDstRegion")] = None
    mirror_dst_vpc_id: Annotated[str | None, Tag("MirrorDstVpcId")] = None
    mirror_dst_slave_vpc_id: Annotated[str | None, Tag("MirrorDstSlaveVpcId")] = None
    mirror_tunnel_id: Annotated[str | None, Tag("MirrorTunnelId")] = None
    mirror_role: Annotated[str | None, Tag("MirrorRole")] = None
    mirror_using_role: Annotated[bool | None, Tag("MirrorUsingRole")] = None
    mirror_return_headers: Annotated[MirrorReturnHeaders | None, Tag("MirrorReturnHeaders")] = None
    mirror_proxy_pass: Annotated[bool | None, Tag("MirrorProxyPass")] = None
    mirror_is_express_tunnel: Annotated[bool | None, Tag("MirrorIsExpressTunnel")] = None
    mirror_allow_head_object: Annotated[bool | None, Tag("MirrorAllowHeadObject")] = None
    transparent_mirror_response_codes: Annotated[str | None, Tag("TransparentMirrorResponseCodes")] = None
    mirror_save_oss_meta: Annotated[bool | None, Tag("MirrorSaveOssMeta")] = None
    mirror_allow_get_image_info: Annotated[bool | None, Tag("MirrorAllowGetImageInfo")] = None
    mirror_user_last_modified: Annotated[bool | None, Tag("MirrorUserLastModified")] = None
    mirror_switch_all_errors: Annotated[bool | None, Tag("MirrorSwitchAllErrors")] = None
    mirror_multi_alternates: Annotated[MirrorMultiAlternates | None, Tag("MirrorMultiAlternates")] = None


@record
class RoutingRuleLuaConfig:
    """A script, which is kept and told."""

    script: Annotated[str | None, Tag("Script")] = None


@record
class RoutingRule:
    """One rule; rules are tried by their numbers."""

    rule_number: Annotated[int | None, Tag("RuleNumber")] = None
    condition: Annotated[RoutingRuleCondition | None, Tag("Condition")] = None
    redirect: Annotated[RoutingRuleRedirect | None, Tag("Redirect")] = None
    lua_config: Annotated[RoutingRuleLuaConfig | None, Tag("LuaConfig")] = None


@record
class RoutingRules:
    """Up to twenty rules."""

    routing_rules: Annotated[tuple[RoutingRule, ...], Tag("RoutingRule")] = ()


@record
class WebsiteConfiguration:
    """At least one of the three."""

    index_document: Annotated[IndexDocument | None, Tag("IndexDocument")] = None
    error_document: Annotated[ErrorDocument | None, Tag("ErrorDocument")] = None
    routing_rules: Annotated[RoutingRules | None, Tag("RoutingRules")] = None


@record
class PutBucketWebsiteRequest(RequestBase):
    """Make a website of the bucket."""

    bucket: str
    website_configuration: Annotated[WebsiteConfiguration | None, Body("WebsiteConfiguration")] = None


@record
class PutBucketWebsiteResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketWebsiteRequest(RequestBase):
    """Ask what website the bucket is."""

    bucket: str


@record
class GetBucketWebsiteResult(ResultBase):
    """The website; a bucket that is none has no such document."""

    website_configuration: Annotated[WebsiteConfiguration | None, Body("WebsiteConfiguration")] = None


@record
class DeleteBucketWebsiteRequest(RequestBase):
    """Make no website of the bucket any more."""

    bucket: str


@record
class DeleteBucketWebsiteResult(ResultBase):
    """Nothing but the request id."""


WEBSITE: Final = Setting(kind="website", root="WebsiteConfiguration", document=WebsiteConfiguration)
PUT_BUCKET_WEBSITE: Final = setting_operation(
    "PUT", "BucketWebsite", "website", PutBucketWebsiteRequest, PutBucketWebsiteResult
)
GET_BUCKET_WEBSITE: Final = setting_operation(
    "GET", "BucketWebsite", "website", GetBucketWebsiteRequest, GetBucketWebsiteResult
)
DELETE_BUCKET_WEBSITE: Final = setting_operation(
    "DELETE", "BucketWebsite", "website", DeleteBucketWebsiteRequest, DeleteBucketWebsiteResult
)

OPERATIONS: Final = (PUT_BUCKET_WEBSITE, GET_BUCKET_WEBSITE, DELETE_BUCKET_WEBSITE)
