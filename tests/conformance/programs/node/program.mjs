// The official Node SDK as a program that tests talk to: a JSON line in is one call, a JSON line out its outcome.
// ../README.md has the words of it.
import dns from "node:dns";
import fs from "node:fs";
import readline from "node:readline";
import { Readable } from "node:stream";
import OSS from "ali-oss";

const clients = new Map();

function clientOf(settings, bucket) {
  const known = JSON.stringify([settings, bucket]);
  if (!clients.has(known)) {
    const client = new OSS({
      region: `oss-${settings.region}`,
      endpoint: settings.endpoint,
      accessKeyId: settings.access_key_id,
      accessKeySecret: settings.access_key_secret,
      ...(settings.security_token ? { stsToken: settings.security_token } : {}),
      bucket,
      sldEnable: settings.style === "path",
      cname: settings.style === "cname",
      authorizationV4: settings.signature !== "v1",
    });
    clients.set(known, client);
  }
  return clients.get(known);
}

// Names of a file like /etc/hosts, which Node's resolver can't be given.
if (process.env.CONFORMANCE_HOSTS) {
  const lookup = dns.lookup;
  dns.lookup = (name, options, done) => {
    const lines = fs.readFileSync(process.env.CONFORMANCE_HOSTS, "utf8").split("\n");
    const line = lines.map((each) => each.split(/\s+/)).find((fields) => fields[1] === name);
    lookup(line ? line[0] : name, options, done);
  };
}

// -- what a call is given, as this SDK wants it

function headersOf(given) {
  const headers = { ...given.headers };
  const date = (seconds) => new Date(seconds * 1000).toUTCString();
  if (given.content_type) headers["Content-Type"] = given.content_type;
  if (given.cache_control) headers["Cache-Control"] = given.cache_control;
  if (given.content_md5) headers["Content-MD5"] = given.content_md5;
  if (given.storage_class) headers["x-oss-storage-class"] = given.storage_class;
  if (given.acl) headers["x-oss-object-acl"] = given.acl;
  if (given.forbid_overwrite) headers["x-oss-forbid-overwrite"] = "true";
  if (given.if_match) headers["If-Match"] = given.if_match;
  if (given.if_none_match) headers["If-None-Match"] = given.if_none_match;
  if (given.if_modified_since) headers["If-Modified-Since"] = date(given.if_modified_since);
  if (given.if_unmodified_since) headers["If-Unmodified-Since"] = date(given.if_unmodified_since);
  if (given.range) headers.Range = `bytes=${given.range.map((end) => (end < 0 ? "" : end)).join("-")}`;
  return headers;
}

const optionsOf = (given) => ({
  headers: headersOf(given),
  ...(given.metadata ? { meta: given.metadata } : {}),
  ...(given.version_id ? { versionId: given.version_id } : {}),
  ...callbackOf(given),
});

function callbackOf({ callback }) {
  if (!callback) return {};
  const { url, body, type: contentType, variables } = callback;
  const customValue = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name.slice(2), value]));
  return { callback: { url, body, contentType, customValue } };
}

const bodyOf = (given) => Buffer.from(given.body ?? "", "base64");

// It signs a query's undefined values and does not send them.
const present = (query) => Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));

// -- what a call gives

function stored({ headers }) {
  const metadata = {};
  for (const [name, value] of Object.entries(headers)) {
    // Node reads the bytes of headers as Latin-1.
    if (name.startsWith("x-oss-meta-")) metadata[name.slice(11)] = Buffer.from(value, "latin1").toString();
  }
  return {
    ...kept({ headers }),
    metadata,
    content_type: headers["content-type"],
    cache_control: headers["cache-control"],
    length: Number(headers["content-length"]),
    content_range: headers["content-range"],
    storage_class: headers["x-oss-storage-class"],
    object_type: headers["x-oss-object-type"],
    restore: headers["x-oss-restore"],
  };
}

const kept = ({ headers }) => ({
  etag: headers.etag,
  crc64: headers["x-oss-hash-crc64ecma"],
  version_id: headers["x-oss-version-id"],
  request_id: headers["x-oss-request-id"],
});

// It takes 304 for a success.
function refuseUnmodified({ res, ...rest }) {
  if (res.status === 304) {
    throw Object.assign(new Error("Not Modified"), { status: 304, requestId: res.headers["x-oss-request-id"] });
  }
  return { res, ...rest };
}

const pageOf = (got) => ({ keys: got.objects.map((item) => item.name), prefixes: got.prefixes ?? [] });

// -- calls

const calls = {
  async list_buckets(client, given) {
    const names = [];
    let marker;
    do {
      const page = await client.listBuckets(present({ prefix: given.prefix, marker, "max-keys": given.page_size }));
      names.push(...(page.buckets ?? []).map((bucket) => bucket.name));
      marker = page.nextMarker;
    } while (marker);
    return { names };
  },
  async put_bucket(client, given) {
    await client.putBucket(given.bucket, given.acl ? { acl: given.acl } : {});
    return {};
  },
  async delete_bucket(client, given) {
    await client.deleteBucket(given.bucket);
    return {};
  },
  async bucket_info(client, given) {
    const { bucket } = await client.getBucketInfo(given.bucket);
    return {
      name: bucket.Name,
      location: bucket.Location,
      acl: bucket.AccessControlList.Grant,
      storage_class: bucket.StorageClass,
      extranet: bucket.ExtranetEndpoint,
    };
  },
  async put_bucket_acl(client, given) {
    await client.putBucketACL(given.bucket, given.acl);
    return {};
  },
  async get_bucket_acl(client, given) {
    return { acl: (await client.getBucketACL(given.bucket)).acl };
  },
  async put_cors(client, given) {
    const { origins, methods, headers, exposed, seconds } = given.rule;
    const rule = { allowedOrigin: origins, allowedMethod: methods, allowedHeader: headers, exposeHeader: exposed };
    await client.putBucketCORS(given.bucket, [{ ...rule, maxAgeSeconds: seconds }]);
    return {};
  },
  async get_cors(client, given) {
    const { rules } = await client.getBucketCORS(given.bucket);
    // One name is no list.
    const rule = (each) => ({
      origins: [each.allowedOrigin].flat(),
      methods: [each.allowedMethod].flat(),
      headers: [each.allowedHeader].flat(),
      exposed: [each.exposeHeader].flat(),
      seconds: Number(each.maxAgeSeconds),
    });
    return { rules: rules.map(rule) };
  },
  async delete_cors(client, given) {
    await client.deleteBucketCORS(given.bucket);
    return {};
  },
  async use_settings(client, given) {
    const { bucket } = given;
    await client.putBucketLifecycle(bucket, [
      { id: "r1", prefix: "log/", status: "Enabled", expiration: { days: 3 } },
    ]);
    await client.putBucketTags(bucket, { k: "v" });
    await client.putBucketReferer(bucket, true, ["http://a.example"]);
    await client.putBucketWebsite(bucket, { index: "index.html" });
    await client.putBucketEncryption(bucket, { SSEAlgorithm: "AES256" });
    const told = {
      days: Number((await client.getBucketLifecycle(bucket)).rules[0].expiration.days),
      tags: (await client.getBucketTags(bucket)).tag,
      referers: (await client.getBucketReferer(bucket)).referers,
      index: (await client.getBucketWebsite(bucket)).index,
      algorithm: (await client.getBucketEncryption(bucket)).encryption.SSEAlgorithm,
    };
    await client.deleteBucketLifecycle(bucket);
    await client.deleteBucketTags(bucket);
    await client.deleteBucketReferer(bucket);
    await client.deleteBucketWebsite(bucket);
    await client.deleteBucketEncryption(bucket);
    return told;
  },
  async put_versioning(client, given) {
    await client.putBucketVersioning(given.bucket, given.status);
    return {};
  },
  async get_versioning(client, given) {
    return { status: (await client.getBucketVersioning(given.bucket)).versionStatus };
  },
  async list_objects(client, given) {
    const pages = [];
    let marker = given.start_after;
    do {
      const { prefix, delimiter, page_size } = given;
      const page = await client.list(present({ prefix, delimiter, marker, "max-keys": page_size }));
      pages.push(pageOf(page));
      marker = page.nextMarker;
    } while (marker);
    return { pages };
  },
  async list_objects_v2(client, given) {
    const pages = [];
    let token;
    do {
      const { prefix, delimiter, start_after, page_size } = given;
      const query = { prefix, delimiter, "start-after": start_after, "max-keys": page_size };
      const page = await client.listV2(present({ ...query, "continuation-token": token }));
      pages.push(pageOf(page));
      token = page.nextContinuationToken;
    } while (token);
    return { pages };
  },
  async list_versions(client, given) {
    const versions = [];
    const markers = [];
    let next = {};
    do {
      const page = await client.getBucketVersions(present({ prefix: given.prefix, maxKeys: given.page_size, ...next }));
      const item = ({ name, versionId, isLatest }) => ({ key: name, version_id: versionId, is_latest: isLatest });
      versions.push(...page.objects.map(item));
      markers.push(...page.deleteMarker.map(item));
      next = page.isTruncated && { keyMarker: page.nextKeyMarker, versionIdMarker: page.nextVersionIdMarker };
    } while (next);
    return { versions, markers };
  },
  async put_object(client, given) {
    const done = await client.put(given.key, bodyOf(given), optionsOf(given));
    return { ...kept(done.res), callback: done.data };
  },
  async put_stream(client, given) {
    return kept((await client.putStream(given.key, Readable.from([bodyOf(given)]), optionsOf(given))).res);
  },
  async get_object(client, given) {
    const options = optionsOf(given);
    if (given.response_content_type) options.subres = { "response-content-type": given.response_content_type };
    const got = refuseUnmodified(await client.get(given.key, options));
    return { ...stored(got.res), body: got.content.toString("base64") };
  },
  async head_object(client, given) {
    return stored(refuseUnmodified(await client.head(given.key, optionsOf(given))).res);
  },
  async get_object_meta(client, given) {
    const { headers } = (await client.getObjectMeta(given.key)).res;
    return { etag: headers.etag, length: Number(headers["content-length"]) };
  },
  async delete_object(client, given) {
    const { headers } = (await client.delete(given.key, optionsOf(given))).res;
    return { version_id: headers["x-oss-version-id"], delete_marker: headers["x-oss-delete-marker"] === "true" };
  },
  async delete_objects(client, given) {
    const done = await client.deleteMulti(given.keys, { quiet: given.quiet });
    return { deleted: done.deleted.map((item) => item.Key) };
  },
  async copy_object(client, given) {
    const done = await client.copy(given.key, given.source_key, given.source_bucket, optionsOf(given));
    return { ...kept(done.res), etag: done.data.etag };
  },
  async append_object(client, given) {
    const options = { ...optionsOf(given), position: given.position };
    const done = await client.append(given.key, bodyOf(given), options);
    return { next_position: Number(done.nextAppendPosition), crc64: kept(done.res).crc64 };
  },
  async put_symlink(client, given) {
    await client.putSymlink(given.key, given.target, optionsOf(given));
    return {};
  },
  async get_symlink(client, given) {
    return { target: (await client.getSymlink(given.key)).targetName };
  },
  async put_tags(client, given) {
    await client.putObjectTagging(given.key, given.tags);
    return {};
  },
  async get_tags(client, given) {
    return { tags: (await client.getObjectTagging(given.key)).tag };
  },
  async delete_tags(client, given) {
    await client.deleteObjectTagging(given.key);
    return {};
  },
  async put_object_acl(client, given) {
    await client.putACL(given.key, given.acl);
    return {};
  },
  async get_object_acl(client, given) {
    return { acl: (await client.getACL(given.key)).acl };
  },
  async restore_object(client, given) {
    return { status: (await client.restore(given.key)).res.status };
  },
  async presign(client, given, settings) {
    const headers = headersOf(given);
    for (const [name, value] of Object.entries(given.metadata ?? {})) headers[`x-oss-meta-${name}`] = value;
    if (settings.signature !== "v1") {
      return { url: await client.signatureUrlV4(given.method, given.expires, { headers }, given.key), headers };
    }
    const options = { method: given.method, expires: given.expires, "Content-Type": given.content_type, ...headers };
    return { url: client.signatureUrl(given.key, options), headers };
  },
  async sign_form(client, given) {
    return client.calculatePostSignature(given.policy);
  },
  async sign_form_v4(client, given) {
    return { signature: client.signPostObjectPolicyV4(given.policy, new Date(given.date * 1000)) };
  },
  async initiate(client, given) {
    return { upload_id: (await client.initMultipartUpload(given.key, optionsOf(given))).uploadId };
  },
  async upload_part(client, given) {
    const body = bodyOf(given);
    const done = await client.uploadPart(given.key, given.upload_id, given.part_number, body, 0, body.length);
    return kept(done.res);
  },
  async upload_part_copy(client, given) {
    const source = { sourceKey: given.source_key, sourceBucketName: given.source_bucket };
    const { key, upload_id, part_number, range } = given;
    return kept((await client.uploadPartCopy(key, upload_id, part_number, range.join("-"), source)).res);
  },
  async complete(client, given) {
    const { key, upload_id, parts } = given;
    const done = await client.completeMultipartUpload(key, upload_id, parts, callbackOf(given));
    return { ...kept(done.res), callback: done.data };
  },
  async abort(client, given) {
    await client.abortMultipartUpload(given.key, given.upload_id);
    return {};
  },
  async list_parts(client, given) {
    const parts = [];
    let marker = 0;
    let page;
    do {
      const query = { "max-parts": given.page_size, "part-number-marker": marker };
      page = await client.listParts(given.key, given.upload_id, query);
      parts.push(...[page.parts].flat().map((part) => ({ number: +part.PartNumber, etag: part.ETag, size: +part.Size })));
      marker = page.nextPartNumberMarker;
    } while (page.isTruncated === "true");
    return { parts };
  },
  async list_uploads(client, given) {
    const uploads = [];
    let marker = {};
    let page;
    do {
      page = await client.listUploads(present({ prefix: given.prefix, "max-uploads": given.page_size, ...marker }));
      uploads.push(...page.uploads.map((upload) => ({ key: upload.name, upload_id: upload.uploadId })));
      marker = { "key-marker": page.nextKeyMarker, "upload-id-marker": page.nextUploadIdMarker };
    } while (page.isTruncated);
    return { uploads };
  },
  async upload_file(client, given) {
    const options = { ...optionsOf(given), partSize: given.part_size, parallel: 3 };
    return kept((await client.multipartUpload(given.key, given.path, options)).res);
  },
  async download_file(client, given) {
    await client.get(given.key, given.path);
    return {};
  },
};

async function outcome(line) {
  const { client: settings, call, with: given } = JSON.parse(line);
  if (!calls[call]) return { broken: `no call ${call}` };
  try {
    return { result: await calls[call](clientOf(settings, given.bucket), given, settings) };
  } catch (error) {
    if (!error.requestId) return { broken: `${error.name}: ${error.message}` };
    const { status, code, message, requestId: request_id, hostId: host_id, ecCode: ec } = error;
    return { refusal: { status, code, message, request_id, host_id, ec } };
  }
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await outcome(line))}\n`);
}
