"""The calls of ../README.md by the official Python SDK of the generation before, `oss2`."""

import json
from collections.abc import Mapping
from email.utils import formatdate
from typing import Any

from tests.support.callbacks import base64_json
from tests.support.tools import need_package

oss2 = need_package("oss2")

Given = Mapping[str, Any]
Result = dict[str, Any]

HEADERS = {
    "content_type": "Content-Type",
    "cache_control": "Cache-Control",
    "content_md5": "Content-MD5",
    "storage_class": "x-oss-storage-class",
    "acl": "x-oss-object-acl",
    "if_match": "If-Match",
    "if_none_match": "If-None-Match",
}


class Client:
    """What this SDK makes of settings: a service, and a bucket for each name."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        keys = [settings[name] for name in ("access_key_id", "access_key_secret", "security_token")]
        provider = oss2.credentials.StaticCredentialsProvider(*keys)
        versions = {"v1": oss2.ProviderAuth, "v4": oss2.ProviderAuthV4}
        self.auth = versions[settings["signature"]](provider)
        self.session = oss2.Session()
        self.endpoint, self.region, self.style = (settings[name] for name in ("endpoint", "region", "style"))

    def service(self) -> Any:
        return oss2.Service(self.auth, self.endpoint, session=self.session, region=self.region)

    def bucket(self, given: Given) -> Any:
        return oss2.Bucket(
            self.auth,
            self.endpoint,
            given["bucket"],
            session=self.session,
            region=self.region,
            is_cname=self.style == "cname",
            is_path_style=self.style == "path",
        )


client_of = Client


def outcome_of(client: Client, name: str, given: Given) -> Result:
    """What a call gives, and how it was refused otherwise."""
    try:
        return {"result": CALLS[name](client, given)}
    except oss2.exceptions.ServerError as error:
        told = {"status": error.status, "code": error.code or None, "message": error.message, "ec": error.ec or None}
        return {"refusal": {**told, "request_id": error.request_id, "host_id": error.details.get("HostId")}}
    except (oss2.exceptions.OssError, oss2.exceptions.ClientError) as error:
        return {"broken": str(error)}


# -- what a call is given, as this SDK wants it


def headers_of(given: Given) -> dict[str, str]:
    headers = dict(given.get("headers", {}))
    headers |= {header: given[name] for name, header in HEADERS.items() if name in given}
    headers |= {f"x-oss-meta-{name}": value for name, value in given.get("metadata", {}).items()}
    if given.get("forbid_overwrite"):
        headers["x-oss-forbid-overwrite"] = "true"
    for name in ("if_modified_since", "if_unmodified_since"):
        if name in given:
            headers[name.replace("_", "-")] = formatdate(given[name], usegmt=True)
    return headers


def range_of(given: Given) -> tuple[int | None, ...] | None:
    return tuple(None if end < 0 else end for end in given["range"]) if "range" in given else None


def params_of(given: Given) -> dict[str, str] | None:
    return {"versionId": given["version_id"]} if "version_id" in given else None


def callback_of(given: Given) -> dict[str, str]:
    if "callback" not in given:
        return {}
    callback = given["callback"]
    names = {"callbackUrl": "url", "callbackBody": "body", "callbackBodyType": "type"}
    return {
        "x-oss-callback": base64_json({name: callback[field] for name, field in names.items()}),
        "x-oss-callback-var": base64_json(callback["variables"]),
    }


# -- what a call gives


def answer_of(done: Any, given: Given) -> Result:
    """The application's answer, or the service's document of a callback that failed: to this SDK both are successes."""
    if "callback" not in given:
        return {}
    text = done.resp.read().decode()
    return {"callback": text if text.startswith("<") else json.loads(text)}


def kept(done: Any) -> Result:
    crc64 = done.headers.get("x-oss-hash-crc64ecma")
    version_id = done.headers.get("x-oss-version-id")
    return {"etag": done.headers.get("ETag"), "crc64": crc64, "version_id": version_id, "request_id": done.request_id}


def stored(got: Any) -> Result:
    metadata = {
        name.lower().removeprefix("x-oss-meta-"): value.encode("latin-1").decode()
        for name, value in got.headers.items()
        if name.lower().startswith("x-oss-meta-")
    }
    return {
        **kept(got),
        "content_type": got.content_type,
        "cache_control": got.headers.get("Cache-Control"),
        "metadata": metadata,
        "length": got.content_length,
        "content_range": got.headers.get("Content-Range"),
        "storage_class": got.headers.get("x-oss-storage-class"),
        "object_type": got.object_type,
        "restore": got.headers.get("x-oss-restore"),
    }


def page_of(page: Any) -> Result:
    return {"keys": [item.key for item in page.object_list], "prefixes": page.prefix_list}


# -- buckets


def list_buckets(client: Client, given: Given) -> Result:
    found = oss2.BucketIterator(client.service(), prefix=given["prefix"], max_keys=given["page_size"])
    return {"names": [bucket.name for bucket in found]}


def put_bucket(client: Client, given: Given) -> Result:
    client.bucket(given).create_bucket(given.get("acl"))
    return {}


def delete_bucket(client: Client, given: Given) -> Result:
    client.bucket(given).delete_bucket()
    return {}


def bucket_info(client: Client, given: Given) -> Result:
    info = client.bucket(given).get_bucket_info()
    return {
        "name": info.name,
        "location": info.location,
        "acl": info.acl.grant,
        "storage_class": info.storage_class,
        "extranet": info.extranet_endpoint,
    }


def put_bucket_acl(client: Client, given: Given) -> Result:
    client.bucket(given).put_bucket_acl(given["acl"])
    return {}


def get_bucket_acl(client: Client, given: Given) -> Result:
    return {"acl": client.bucket(given).get_bucket_acl().acl}


def put_cors(client: Client, given: Given) -> Result:
    client.bucket(given).put_bucket_cors(oss2.models.BucketCors([oss2.models.CorsRule(*given["rule"].values())]))
    return {}


def get_cors(client: Client, given: Given) -> Result:
    fields = ("allowed_origins", "allowed_methods", "allowed_headers", "expose_headers", "max_age_seconds")
    names = ("origins", "methods", "headers", "exposed", "seconds")
    rules = client.bucket(given).get_bucket_cors().rules
    return {"rules": [dict(zip(names, (getattr(rule, each) for each in fields), strict=True)) for rule in rules]}


def delete_cors(client: Client, given: Given) -> Result:
    client.bucket(given).delete_bucket_cors()
    return {}


def use_settings(client: Client, given: Given) -> Result:
    bucket, models = client.bucket(given), oss2.models
    rule = models.LifecycleRule("r1", "log/", expiration=models.LifecycleExpiration(days=3))
    bucket.put_bucket_lifecycle(models.BucketLifecycle([rule]))
    tagging = models.Tagging()
    tagging.tag_set.add("k", "v")
    bucket.put_bucket_tagging(tagging)
    bucket.put_bucket_referer(models.BucketReferer(True, ["http://a.example"]))
    bucket.put_bucket_website(models.BucketWebsite("index.html", "error.html"))
    bucket.put_bucket_encryption(models.ServerSideEncryptionRule(sse_algorithm="AES256"))
    told = {
        "days": bucket.get_bucket_lifecycle().rules[0].expiration.days,
        "tags": bucket.get_bucket_tagging().tag_set.tagging_rule,
        "referers": bucket.get_bucket_referer().referers,
        "index": bucket.get_bucket_website().index_file,
        "algorithm": bucket.get_bucket_encryption().sse_algorithm,
    }
    bucket.delete_bucket_lifecycle()
    bucket.delete_bucket_tagging()
    bucket.delete_bucket_website()
    bucket.delete_bucket_encryption()
    return told


def put_versioning(client: Client, given: Given) -> Result:
    configuration = oss2.models.BucketVersioningConfig()
    configuration.status = given["status"]
    client.bucket(given).put_bucket_versioning(configuration)
    return {}


def get_versioning(client: Client, given: Given) -> Result:
    return {"status": client.bucket(given).get_bucket_versioning().status}


def list_objects(client: Client, given: Given) -> Result:
    fields = {"prefix": given.get("prefix", ""), "delimiter": given.get("delimiter", "")}
    pages, marker, more = [], given.get("start_after", ""), True
    while more:
        page = client.bucket(given).list_objects(**fields, marker=marker, max_keys=given.get("page_size", 100))
        pages.append(page_of(page))
        marker, more = page.next_marker, page.is_truncated
    return {"pages": pages}


def list_objects_v2(client: Client, given: Given) -> Result:
    fields = {name: given.get(name, "") for name in ("prefix", "delimiter", "start_after")}
    fields["max_keys"] = given.get("page_size", 100)
    pages, token, more = [], "", True
    while more:
        page = client.bucket(given).list_objects_v2(**fields, continuation_token=token)
        pages.append(page_of(page))
        token, more = page.next_continuation_token, page.is_truncated
    return {"pages": pages}


def list_versions(client: Client, given: Given) -> Result:
    versions: list[Result] = []
    markers: list[Result] = []
    next_page, more = {"key_marker": "", "versionid_marker": ""}, True
    while more:
        page = client.bucket(given).list_object_versions(
            prefix=given["prefix"], max_keys=given.get("page_size", 100), **next_page
        )
        for found, into in ((page.versions, versions), (page.delete_marker, markers)):
            into += [{"key": item.key, "version_id": item.versionid, "is_latest": item.is_latest} for item in found]
        next_page = {"key_marker": page.next_key_marker, "versionid_marker": page.next_versionid_marker}
        more = page.is_truncated
    return {"versions": versions, "markers": markers}


# -- objects


def put_object(client: Client, given: Given) -> Result:
    headers = {**headers_of(given), **callback_of(given)}
    done = client.bucket(given).put_object(given["key"], given["body"], headers=headers)
    return {**kept(done), **answer_of(done, given)}


def put_stream(client: Client, given: Given) -> Result:
    """A body that does not tell its length."""
    return kept(client.bucket(given).put_object(given["key"], iter([given["body"]]), headers=headers_of(given)))


def get_object(client: Client, given: Given) -> Result:
    params = dict(params_of(given) or {})
    if "response_content_type" in given:
        params["response-content-type"] = given["response_content_type"]
    got = client.bucket(given).get_object(
        given["key"], byte_range=range_of(given), headers=headers_of(given), params=params
    )
    return {**stored(got), "body": got.read()}


def head_object(client: Client, given: Given) -> Result:
    return stored(client.bucket(given).head_object(given["key"], headers=headers_of(given), params=params_of(given)))


def get_object_meta(client: Client, given: Given) -> Result:
    meta = client.bucket(given).get_object_meta(given["key"])
    return {"etag": meta.headers["ETag"], "length": meta.content_length}


def delete_object(client: Client, given: Given) -> Result:
    done = client.bucket(given).delete_object(given["key"], params=params_of(given))
    return {"version_id": done.versionid, "delete_marker": bool(done.delete_marker)}


def delete_objects(client: Client, given: Given) -> Result:
    # It has no quiet form.
    return {"deleted": client.bucket(given).batch_delete_objects(given["keys"]).deleted_keys}


def copy_object(client: Client, given: Given) -> Result:
    headers = headers_of({name: value for name, value in given.items() if name == "metadata"})
    if "metadata" in given:
        headers["x-oss-metadata-directive"] = "REPLACE"
    if "if_match" in given:
        headers["x-oss-copy-source-if-match"] = given["if_match"]
    done = client.bucket(given).copy_object(given["source_bucket"], given["source_key"], given["key"], headers=headers)
    return {**kept(done), "etag": f'"{done.etag}"'}


def append_object(client: Client, given: Given) -> Result:
    done = client.bucket(given).append_object(given["key"], given["position"], given["body"])
    return {"next_position": done.next_position, "crc64": str(done.crc)}


def put_symlink(client: Client, given: Given) -> Result:
    client.bucket(given).put_symlink(given["target"], given["key"], headers=headers_of(given))
    return {}


def get_symlink(client: Client, given: Given) -> Result:
    return {"target": client.bucket(given).get_symlink(given["key"]).target_key}


def put_tags(client: Client, given: Given) -> Result:
    rules = oss2.models.TaggingRule()
    for key, value in given["tags"].items():
        rules.add(key, value)
    client.bucket(given).put_object_tagging(given["key"], oss2.models.Tagging(rules))
    return {}


def get_tags(client: Client, given: Given) -> Result:
    return {"tags": client.bucket(given).get_object_tagging(given["key"]).tag_set.tagging_rule}


def delete_tags(client: Client, given: Given) -> Result:
    client.bucket(given).delete_object_tagging(given["key"])
    return {}


def put_object_acl(client: Client, given: Given) -> Result:
    client.bucket(given).put_object_acl(given["key"], given["acl"])
    return {}


def get_object_acl(client: Client, given: Given) -> Result:
    return {"acl": client.bucket(given).get_object_acl(given["key"]).acl}


def restore_object(client: Client, given: Given) -> Result:
    return {"status": client.bucket(given).restore_object(given["key"]).status}


def presign(client: Client, given: Given) -> Result:
    headers = headers_of(given)
    url = client.bucket(given).sign_url(
        given["method"], given["key"], given["expires"], headers=headers, slash_safe=True
    )
    return {"url": url, "headers": headers}


# -- uploads in parts


def initiate(client: Client, given: Given) -> Result:
    begun = client.bucket(given).init_multipart_upload(given["key"], headers=headers_of(given))
    return {"upload_id": begun.upload_id}


def upload_part(client: Client, given: Given) -> Result:
    fields = [given[name] for name in ("key", "upload_id", "part_number", "body")]
    return kept(client.bucket(given).upload_part(*fields))


def upload_part_copy(client: Client, given: Given) -> Result:
    fields = [given[name] for name in ("source_bucket", "source_key", "range", "key", "upload_id", "part_number")]
    return {"etag": client.bucket(given).upload_part_copy(*fields).headers.get("ETag")}


def complete(client: Client, given: Given) -> Result:
    parts = [oss2.models.PartInfo(part["number"], part["etag"].strip('"')) for part in given["parts"]]
    headers = callback_of(given)
    done = client.bucket(given).complete_multipart_upload(given["key"], given["upload_id"], parts, headers=headers)
    return {**kept(done), "etag": f'"{done.etag}"', **answer_of(done, given)}


def abort(client: Client, given: Given) -> Result:
    client.bucket(given).abort_multipart_upload(given["key"], given["upload_id"])
    return {}


def list_parts(client: Client, given: Given) -> Result:
    parts = oss2.PartIterator(client.bucket(given), given["key"], given["upload_id"], max_parts=given["page_size"])
    return {"parts": [{"number": part.part_number, "etag": f'"{part.etag}"', "size": part.size} for part in parts]}


def list_uploads(client: Client, given: Given) -> Result:
    found = oss2.MultipartUploadIterator(client.bucket(given), prefix=given["prefix"], max_uploads=given["page_size"])
    return {"uploads": [{"key": upload.key, "upload_id": upload.upload_id} for upload in found]}


def upload_file(client: Client, given: Given) -> Result:
    done = oss2.resumable_upload(
        client.bucket(given),
        given["key"],
        given["path"],
        store=oss2.ResumableStore(root=given["checkpoints"]),
        headers=headers_of(given) or None,
        multipart_threshold=1,
        part_size=given["part_size"],
        num_threads=3,
    )
    return {**kept(done), "etag": f'"{done.etag}"'}


def download_file(client: Client, given: Given) -> Result:
    oss2.resumable_download(
        client.bucket(given),
        given["key"],
        given["path"],
        store=oss2.ResumableDownloadStore(root=given["checkpoints"]),
        multiget_threshold=1,
        part_size=given["part_size"],
        num_threads=3,
    )
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
