"""The calls of ../README.md by the official Python SDK V2."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote, unquote

import alibabacloud_oss_v2 as oss

from tests.support.callbacks import base64_json

Given = Mapping[str, Any]
Result = dict[str, Any]


def client_of(settings: Mapping[str, str]) -> oss.Client:
    """A client with these settings."""
    keys = [settings[name] for name in ("access_key_id", "access_key_secret", "security_token")]
    config = oss.config.load_default()
    config.credentials_provider = oss.credentials.StaticCredentialsProvider(*keys)
    config.region, config.endpoint = settings["region"], settings["endpoint"]
    config.use_path_style = settings["style"] == "path"
    config.use_cname = settings["style"] == "cname"
    config.signature_version = settings["signature"]
    return oss.Client(config)


def outcome_of(client: oss.Client, name: str, given: Given) -> Result:
    """What a call gives, and how it was refused otherwise."""
    try:
        return {"result": CALLS[name](client, given)}
    except oss.exceptions.OperationError as failure:
        error = failure.unwrap()
        if not isinstance(error, oss.exceptions.ServiceError):
            return {"broken": str(failure)}
        told = {"status": error.status_code, "code": error.code or None, "message": error.message, "ec": error.ec}
        return {"refusal": {**told, "request_id": error.request_id}}


# -- what a call is given, as this SDK wants it


def pick(given: Given, *names: str) -> Result:
    """The fields that this SDK names as the calls do."""
    return {name: given[name] for name in ("bucket", "key", *names) if name in given}


def date(seconds: int | None) -> str | None:
    return None if seconds is None else format_datetime(datetime.fromtimestamp(seconds, UTC), usegmt=True)


def range_of(given: Given) -> str | None:
    if "range" not in given:
        return None
    return "bytes=" + "-".join("" if end < 0 else str(end) for end in given["range"])


def put_request(given: Given) -> oss.PutObjectRequest:
    fields = pick(
        given,
        "content_type",
        "cache_control",
        "content_md5",
        "metadata",
        "storage_class",
        "acl",
        "forbid_overwrite",
        "headers",
    )
    return oss.PutObjectRequest(**fields)


def get_request(given: Given) -> oss.GetObjectRequest:
    return oss.GetObjectRequest(
        **pick(given, "version_id", "if_match", "if_none_match", "response_content_type", "headers"),
        if_modified_since=date(given.get("if_modified_since")),
        if_unmodified_since=date(given.get("if_unmodified_since")),
        range_header=range_of(given),
    )


def callback_of(given: Given) -> tuple[str | None, str | None]:
    if "callback" not in given:
        return None, None
    callback = given["callback"]
    names = {"callbackUrl": "url", "callbackBody": "body", "callbackBodyType": "type"}
    return base64_json({name: callback[field] for name, field in names.items()}), base64_json(callback["variables"])


# -- what a call gives


def kept(done: Any) -> Result:
    return {
        "etag": done.etag,
        "crc64": done.hash_crc64,
        "version_id": getattr(done, "version_id", None),
        "request_id": done.request_id,
    }


def answer_of(text: str | None) -> Any:
    """The application's answer, or the service's document of a callback that failed: to this SDK both are successes."""
    return json.loads(text) if text and not text.startswith("<") else text


def stored(got: Any) -> Result:
    return {
        **kept(got),
        "content_type": got.content_type,
        "cache_control": got.cache_control,
        "metadata": dict(got.metadata or {}),
        "length": got.content_length,
        "storage_class": got.storage_class,
        "object_type": got.object_type,
        "restore": got.restore,
    }


def page_of(page: Any) -> Result:
    return {
        "keys": [item.key for item in page.contents or []],
        "prefixes": [group.prefix for group in page.common_prefixes or []],
    }


# -- buckets


def list_buckets(client: oss.Client, given: Given) -> Result:
    request = oss.ListBucketsRequest(prefix=given["prefix"], max_keys=given["page_size"])
    pages = client.list_buckets_paginator().iter_page(request)
    return {"names": [bucket.name for page in pages for bucket in page.buckets or []]}


def put_bucket(client: oss.Client, given: Given) -> Result:
    client.put_bucket(oss.PutBucketRequest(**pick(given, "acl")))
    return {}


def delete_bucket(client: oss.Client, given: Given) -> Result:
    client.delete_bucket(oss.DeleteBucketRequest(**pick(given)))
    return {}


def bucket_info(client: oss.Client, given: Given) -> Result:
    info = client.get_bucket_info(oss.GetBucketInfoRequest(**pick(given))).bucket_info
    extranet = {"extranet": info.extranet_endpoint}
    return {name: getattr(info, name) for name in ("name", "location", "acl", "storage_class")} | extranet


def put_bucket_acl(client: oss.Client, given: Given) -> Result:
    client.put_bucket_acl(oss.PutBucketAclRequest(**pick(given, "acl")))
    return {}


def get_bucket_acl(client: oss.Client, given: Given) -> Result:
    return {"acl": client.get_bucket_acl(oss.GetBucketAclRequest(**pick(given))).acl}


RULE = {
    "origins": "allowed_origins",
    "methods": "allowed_methods",
    "headers": "allowed_headers",
    "exposed": "expose_headers",
    "seconds": "max_age_seconds",
}


def put_cors(client: oss.Client, given: Given) -> Result:
    rule = oss.CORSRule(**{RULE[name]: value for name, value in given["rule"].items()})
    configuration = oss.CORSConfiguration(cors_rules=[rule])
    client.put_bucket_cors(oss.PutBucketCorsRequest(**pick(given), cors_configuration=configuration))
    return {}


def get_cors(client: oss.Client, given: Given) -> Result:
    rules = client.get_bucket_cors(oss.GetBucketCorsRequest(**pick(given))).cors_configuration.cors_rules
    return {"rules": [{name: getattr(rule, field) for name, field in RULE.items()} for rule in rules]}


def delete_cors(client: oss.Client, given: Given) -> Result:
    client.delete_bucket_cors(oss.DeleteBucketCorsRequest(**pick(given)))
    return {}


def use_settings(client: oss.Client, given: Given) -> Result:
    place = pick(given)
    rule = oss.LifecycleRule(id="r1", prefix="log/", status="Enabled", expiration=oss.LifecycleRuleExpiration(days=3))
    lifecycle = oss.LifecycleConfiguration(rules=[rule])
    client.put_bucket_lifecycle(oss.PutBucketLifecycleRequest(**place, lifecycle_configuration=lifecycle))
    tagging = oss.Tagging(tag_set=oss.TagSet(tags=[oss.Tag(key="k", value="v")]))
    client.put_bucket_tags(oss.PutBucketTagsRequest(**place, tagging=tagging))
    referer = oss.RefererConfiguration(
        allow_empty_referer=True, referer_list=oss.RefererList(referers=["http://a.example"])
    )
    client.put_bucket_referer(oss.PutBucketRefererRequest(**place, referer_configuration=referer))
    website = oss.WebsiteConfiguration(index_document=oss.IndexDocument(suffix="index.html"))
    client.put_bucket_website(oss.PutBucketWebsiteRequest(**place, website_configuration=website))
    default = oss.ApplyServerSideEncryptionByDefault(sse_algorithm="AES256")
    encryption = oss.ServerSideEncryptionRule(apply_server_side_encryption_by_default=default)
    client.put_bucket_encryption(oss.PutBucketEncryptionRequest(**place, server_side_encryption_rule=encryption))
    told = {
        "days": client.get_bucket_lifecycle(oss.GetBucketLifecycleRequest(**place))
        .lifecycle_configuration.rules[0]
        .expiration.days,
        "tags": {
            each.key: each.value
            for each in client.get_bucket_tags(oss.GetBucketTagsRequest(**place)).tagging.tag_set.tags
        },
        "referers": client.get_bucket_referer(
            oss.GetBucketRefererRequest(**place)
        ).referer_configuration.referer_list.referers,
        "index": client.get_bucket_website(
            oss.GetBucketWebsiteRequest(**place)
        ).website_configuration.index_document.suffix,
        "algorithm": client.get_bucket_encryption(
            oss.GetBucketEncryptionRequest(**place)
        ).server_side_encryption_rule.apply_server_side_encryption_by_default.sse_algorithm,
    }
    client.delete_bucket_lifecycle(oss.DeleteBucketLifecycleRequest(**place))
    client.delete_bucket_tags(oss.DeleteBucketTagsRequest(**place))
    client.delete_bucket_website(oss.DeleteBucketWebsiteRequest(**place))
    client.delete_bucket_encryption(oss.DeleteBucketEncryptionRequest(**place))
    return told


def put_versioning(client: oss.Client, given: Given) -> Result:
    configuration = oss.VersioningConfiguration(status=given["status"])
    client.put_bucket_versioning(oss.PutBucketVersioningRequest(**pick(given), versioning_configuration=configuration))
    return {}


def get_versioning(client: oss.Client, given: Given) -> Result:
    return {"status": client.get_bucket_versioning(oss.GetBucketVersioningRequest(**pick(given))).version_status}


def list_objects(client: oss.Client, given: Given) -> Result:
    request = oss.ListObjectsRequest(
        **pick(given, "prefix", "delimiter"), marker=given.get("start_after"), max_keys=given.get("page_size")
    )
    return {"pages": [page_of(page) for page in client.list_objects_paginator().iter_page(request)]}


def list_objects_v2(client: oss.Client, given: Given) -> Result:
    request = oss.ListObjectsV2Request(
        **pick(given, "prefix", "delimiter", "start_after"), max_keys=given.get("page_size")
    )
    return {"pages": [page_of(page) for page in client.list_objects_v2_paginator().iter_page(request)]}


def list_versions(client: oss.Client, given: Given) -> Result:
    request = oss.ListObjectVersionsRequest(**pick(given, "prefix"), max_keys=given.get("page_size"))
    pages = list(client.list_object_versions_paginator().iter_page(request))

    def item(found: Any) -> Result:
        return {"key": found.key, "version_id": found.version_id, "is_latest": found.is_latest}

    return {
        "versions": [item(found) for page in pages for found in page.version or []],
        "markers": [item(found) for page in pages for found in page.delete_marker or []],
    }


# -- objects


def put_object(client: oss.Client, given: Given) -> Result:
    request = put_request(given)
    request.body = given["body"]
    request.callback, request.callback_var = callback_of(given)
    done = client.put_object(request)
    return {**kept(done), "callback": answer_of(done.callback_result)}


def put_stream(client: oss.Client, given: Given) -> Result:
    """A body that does not tell its length."""
    request = put_request(given)
    request.body = iter([given["body"]])
    return kept(client.put_object(request))


def get_object(client: oss.Client, given: Given) -> Result:
    got = client.get_object(get_request(given))
    with got.body as body:
        return {**stored(got), "content_range": got.content_range, "body": body.read()}


def head_object(client: oss.Client, given: Given) -> Result:
    return stored(client.head_object(oss.HeadObjectRequest(**pick(given, "version_id", "if_match", "if_none_match"))))


def get_object_meta(client: oss.Client, given: Given) -> Result:
    meta = client.get_object_meta(oss.GetObjectMetaRequest(**pick(given)))
    return {"etag": meta.etag, "length": meta.content_length}


def delete_object(client: oss.Client, given: Given) -> Result:
    done = client.delete_object(oss.DeleteObjectRequest(**pick(given, "version_id")))
    return {"version_id": done.version_id, "delete_marker": bool(done.delete_marker)}


def delete_objects(client: oss.Client, given: Given) -> Result:
    objects = [oss.DeleteObject(key=key) for key in given["keys"]]
    request = oss.DeleteMultipleObjectsRequest(
        bucket=given["bucket"], objects=objects, quiet=given.get("quiet"), encoding_type="url"
    )
    return {"deleted": [item.key for item in client.delete_multiple_objects(request).deleted_objects or []]}


def copy_object(client: oss.Client, given: Given) -> Result:
    directive = "REPLACE" if "metadata" in given else None
    fields = pick(given, "source_bucket", "source_key", "metadata", "if_match")
    return kept(client.copy_object(oss.CopyObjectRequest(**fields, metadata_directive=directive)))


def append_object(client: oss.Client, given: Given) -> Result:
    done = client.append_object(oss.AppendObjectRequest(**pick(given, "position", "body", "metadata")))
    return {"next_position": done.next_position, "crc64": done.hash_crc64}


def put_symlink(client: oss.Client, given: Given) -> Result:
    # It sends headers in Latin-1 and signs them in UTF-8: what is beyond ASCII its user has to encode.
    request = oss.PutSymlinkRequest(**pick(given, "metadata"), symlink_target=quote(given["target"]))
    client.put_symlink(request)
    return {}


def get_symlink(client: oss.Client, given: Given) -> Result:
    return {"target": unquote(client.get_symlink(oss.GetSymlinkRequest(**pick(given))).target)}


def put_tags(client: oss.Client, given: Given) -> Result:
    tags = [oss.Tag(key=key, value=value) for key, value in given["tags"].items()]
    tagging = oss.Tagging(tag_set=oss.TagSet(tags=tags))
    client.put_object_tagging(oss.PutObjectTaggingRequest(**pick(given), tagging=tagging))
    return {}


def get_tags(client: oss.Client, given: Given) -> Result:
    got = client.get_object_tagging(oss.GetObjectTaggingRequest(**pick(given)))
    return {"tags": {tag.key: tag.value for tag in got.tag_set.tags or []}}


def delete_tags(client: oss.Client, given: Given) -> Result:
    client.delete_object_tagging(oss.DeleteObjectTaggingRequest(**pick(given)))
    return {}


def put_object_acl(client: oss.Client, given: Given) -> Result:
    client.put_object_acl(oss.PutObjectAclRequest(**pick(given, "acl")))
    return {}


def get_object_acl(client: oss.Client, given: Given) -> Result:
    return {"acl": client.get_object_acl(oss.GetObjectAclRequest(**pick(given))).acl}


def restore_object(client: oss.Client, given: Given) -> Result:
    return {"status": client.restore_object(oss.RestoreObjectRequest(**pick(given))).status_code}


def presign(client: oss.Client, given: Given) -> Result:
    requests: dict[str, Callable[[Given], Any]] = {
        "PUT": put_request,
        "GET": get_request,
        "HEAD": lambda given: oss.HeadObjectRequest(**pick(given)),
    }
    signed = client.presign(requests[given["method"]](given), expires=timedelta(seconds=given["expires"]))
    return {"url": signed.url, "headers": dict(signed.signed_headers or {})}


# -- uploads in parts


def initiate(client: oss.Client, given: Given) -> Result:
    request = oss.InitiateMultipartUploadRequest(**pick(given, "content_type", "metadata"))
    return {"upload_id": client.initiate_multipart_upload(request).upload_id}


def upload_part(client: oss.Client, given: Given) -> Result:
    return kept(client.upload_part(oss.UploadPartRequest(**pick(given, "upload_id", "part_number", "body"))))


def upload_part_copy(client: oss.Client, given: Given) -> Result:
    fields = pick(given, "upload_id", "part_number", "source_bucket", "source_key")
    return {"etag": client.upload_part_copy(oss.UploadPartCopyRequest(**fields, source_range=range_of(given))).etag}


def complete(client: oss.Client, given: Given) -> Result:
    parts = [oss.UploadPart(part_number=part["number"], etag=part["etag"]) for part in given["parts"]]
    request = oss.CompleteMultipartUploadRequest(
        **pick(given, "upload_id"), complete_multipart_upload=oss.CompleteMultipartUpload(parts=parts)
    )
    request.callback, request.callback_var = callback_of(given)
    done = client.complete_multipart_upload(request)
    return {**kept(done), "callback": answer_of(done.callback_result)}


def abort(client: oss.Client, given: Given) -> Result:
    client.abort_multipart_upload(oss.AbortMultipartUploadRequest(**pick(given, "upload_id")))
    return {}


def list_parts(client: oss.Client, given: Given) -> Result:
    request = oss.ListPartsRequest(**pick(given, "upload_id"), max_parts=given["page_size"])
    parts = [part for page in client.list_parts_paginator().iter_page(request) for part in page.parts or []]
    return {"parts": [{"number": part.part_number, "etag": part.etag, "size": part.size} for part in parts]}


def list_uploads(client: oss.Client, given: Given) -> Result:
    request = oss.ListMultipartUploadsRequest(**pick(given, "prefix"), max_uploads=given["page_size"])
    pages = client.list_multipart_uploads_paginator().iter_page(request)
    uploads = [upload for page in pages for upload in page.uploads or []]
    return {"uploads": [{"key": upload.key, "upload_id": upload.upload_id} for upload in uploads]}


def upload_file(client: oss.Client, given: Given) -> Result:
    uploader = client.uploader(part_size=given["part_size"], parallel_num=3)
    return kept(uploader.upload_file(put_request(given), given["path"]))


def download_file(client: oss.Client, given: Given) -> Result:
    downloader = client.downloader(part_size=given["part_size"], parallel_num=3)
    downloader.download_file(get_request(given), given["path"])
    return {}


CALLS = {
    call.__name__: call
    for call in (
        *(list_buckets, put_bucket, delete_bucket, bucket_info, put_bucket_acl, get_bucket_acl),
        *(put_cors, get_cors, delete_cors, use_settings),
        *(put_versioning, get_versioning, list_objects, list_objects_v2, list_versions),
        *(put_object, put_stream, get_object, head_object, get_object_meta, delete_object, delete_objects, copy_object),
        *(append_object, put_symlink, get_symlink, put_tags, get_tags, delete_tags, put_object_acl, get_object_acl),
        *(restore_object, presign, initiate, upload_part, upload_part_copy, complete, abort, list_parts, list_uploads),
        *(upload_file, download_file),
    )
}
