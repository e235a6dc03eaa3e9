import com.aliyun.oss.HttpMethod;
import com.aliyun.oss.OSS;
import com.aliyun.oss.common.utils.BinaryUtil;
import com.aliyun.oss.model.*;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URL;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What each call is in this SDK. */
final class Calls {
    static final Map<String, Program.Call> ALL = new HashMap<>();

    static {
        ALL.put("list_buckets", Calls::listBuckets);
        ALL.put("put_bucket", Calls::putBucket);
        ALL.put("delete_bucket", (client, given) -> nothing(client.deleteBucket(given.bucket)));
        ALL.put("bucket_info", Calls::bucketInfo);
        ALL.put("put_bucket_acl", (client, given) -> nothing(client.setBucketAcl(given.bucket, acl(given.acl))));
        ALL.put("get_bucket_acl", (client, given) -> one("acl", client.getBucketAcl(given.bucket).getCannedACL().toString()));
        ALL.put("put_cors", Calls::putCors);
        ALL.put("get_cors", Calls::getCors);
        ALL.put("delete_cors", (client, given) -> nothing(client.deleteBucketCORSRules(given.bucket)));
        ALL.put("use_settings", Settings::use);
        ALL.put("put_versioning", Calls::putVersioning);
        ALL.put("get_versioning", (client, given) -> one("status", client.getBucketVersioning(given.bucket).getStatus()));
        ALL.put("list_objects", Calls::listObjects);
        ALL.put("list_objects_v2", Calls::listObjectsV2);
        ALL.put("list_versions", Calls::listVersions);
        ALL.put("put_object", Calls::putObject);
        ALL.put("put_stream", Calls::putStream);
        ALL.put("get_object", Calls::getObject);
        ALL.put("head_object", Calls::headObject);
        ALL.put("get_object_meta", Calls::getObjectMeta);
        ALL.put("delete_object", Calls::deleteObject);
        ALL.put("delete_objects", Calls::deleteObjects);
        ALL.put("copy_object", Calls::copyObject);
        ALL.put("append_object", Calls::appendObject);
        ALL.put("put_symlink", Calls::putSymlink);
        ALL.put("get_symlink", (client, given) -> one("target", client.getSymlink(given.bucket, given.key).getTarget()));
        ALL.put("put_tags", (client, given) -> nothing(client.setObjectTagging(given.bucket, given.key, given.tags)));
        ALL.put("get_tags", (client, given) -> one("tags", client.getObjectTagging(given.bucket, given.key).getAllTags()));
        ALL.put("delete_tags", (client, given) -> nothing(client.deleteObjectTagging(given.bucket, given.key)));
        ALL.put("put_object_acl", (client, given) -> nothing(client.setObjectAcl(given.bucket, given.key, acl(given.acl))));
        ALL.put("get_object_acl", (client, given) -> one("acl", client.getObjectAcl(given.bucket, given.key).getPermission().toString()));
        ALL.put("restore_object", (client, given) -> one("status", client.restoreObject(given.bucket, given.key).getStatusCode()));
        ALL.put("presign", Calls::presign);
        ALL.put("initiate", Calls::initiate);
        ALL.put("upload_part", Calls::uploadPart);
        ALL.put("upload_part_copy", Calls::uploadPartCopy);
        ALL.put("complete", Calls::complete);
        ALL.put("abort", Calls::abort);
        ALL.put("list_parts", Calls::listParts);
        ALL.put("list_uploads", Calls::listUploads);
        ALL.put("upload_file", Calls::uploadFile);
        ALL.put("download_file", Calls::downloadFile);
    }

    private Calls() {}

    // -- what a call is given, as this SDK wants it

    private static CannedAccessControlList acl(String name) {
        return CannedAccessControlList.parse(name);
    }

    private static ByteArrayInputStream body(Program.Input given) {
        return new ByteArrayInputStream(BinaryUtil.fromBase64String(given.body));
    }

    private static ObjectMetadata metadata(Program.Input given) {
        ObjectMetadata metadata = new ObjectMetadata();
        if (given.contentType != null) metadata.setContentType(given.contentType);
        if (given.cacheControl != null) metadata.setCacheControl(given.cacheControl);
        if (given.contentMd5 != null) metadata.setContentMD5(given.contentMd5);
        if (given.storageClass != null) metadata.setHeader("x-oss-storage-class", given.storageClass);
        if (given.acl != null) metadata.setObjectAcl(acl(given.acl));
        if (given.forbidOverwrite) metadata.setHeader("x-oss-forbid-overwrite", "true");
        if (given.metadata != null) metadata.setUserMetadata(given.metadata);
        given.headers.forEach(metadata::setHeader);
        return metadata;
    }

    private static GetObjectRequest get(Program.Input given) {
        GetObjectRequest request = new GetObjectRequest(given.bucket, given.key, given.versionId);
        if (given.range != null) request.setRange(given.range.get(0), given.range.get(1));
        if (given.ifMatch != null) request.setMatchingETagConstraints(List.of(given.ifMatch));
        if (given.ifNoneMatch != null) request.setNonmatchingETagConstraints(List.of(given.ifNoneMatch));
        if (given.ifModifiedSince != 0) request.setModifiedSinceConstraint(new Date(given.ifModifiedSince * 1000));
        if (given.ifUnmodifiedSince != 0) request.setUnmodifiedSinceConstraint(new Date(given.ifUnmodifiedSince * 1000));
        if (given.responseContentType != null) {
            ResponseHeaderOverrides overrides = new ResponseHeaderOverrides();
            overrides.setContentType(given.responseContentType);
            request.setResponseHeaders(overrides);
        }
        given.headers.forEach(request::addHeader);
        return request;
    }

    private static Callback callback(Program.Input given) {
        if (given.callback == null) return null;
        Callback callback = new Callback();
        callback.setCallbackUrl(given.callback.url());
        // It writes the body between quotes as it stands.
        callback.setCallbackBody(given.callback.body().replace("\"", "\\\""));
        boolean isJson = given.callback.type().equals("application/json");
        callback.setCalbackBodyType(isJson ? Callback.CalbackBodyType.JSON : Callback.CalbackBodyType.URL);
        callback.setCallbackVar(given.callback.variables());
        return callback;
    }

    // -- what a call gives

    private static JsonElement answer(CallbackResult result) throws Exception {
        if (result.getCallbackResponseBody() == null) return null;
        try (InputStream body = result.getCallbackResponseBody()) {
            return JsonParser.parseString(new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static Map<String, Object> one(String name, Object value) {
        Map<String, Object> made = new LinkedHashMap<>();
        made.put(name, value);
        return made;
    }

    private static Map<String, Object> nothing(GenericResult ignored) {
        return new LinkedHashMap<>();
    }

    private static String unsigned(Long number) {
        return number == null ? null : Long.toUnsignedString(number);
    }

    private static Map<String, Object> kept(String etag, String versionId, GenericResult result) {
        Map<String, Object> made = one("etag", etag);
        made.put("version_id", versionId);
        made.put("crc64", unsigned(result.getServerCRC()));
        made.put("request_id", result.getRequestId());
        return made;
    }

    private static Map<String, Object> stored(ObjectMetadata metadata) {
        Map<String, Object> made = one("etag", metadata.getETag());
        made.put("crc64", unsigned(metadata.getServerCRC()));
        made.put("content_type", metadata.getContentType());
        made.put("cache_control", metadata.getCacheControl());
        made.put("metadata", metadata.getUserMetadata());
        made.put("length", metadata.getContentLength());
        made.put("content_range", metadata.getRawMetadata().get("Content-Range"));
        made.put("storage_class", metadata.getObjectStorageClass().toString());
        made.put("object_type", metadata.getObjectType());
        made.put("version_id", metadata.getVersionId());
        made.put("restore", metadata.getObjectRawRestore());
        return made;
    }

    private static Map<String, Object> page(List<OSSObjectSummary> objects, List<String> prefixes) {
        Map<String, Object> made = one("keys", objects.stream().map(OSSObjectSummary::getKey).toList());
        made.put("prefixes", prefixes);
        return made;
    }

    // -- buckets

    private static Map<String, Object> listBuckets(OSS client, Program.Input given) {
        List<String> names = new ArrayList<>();
        BucketList page = null;
        do {
            String marker = page == null ? null : page.getNextMarker();
            page = client.listBuckets(new ListBucketsRequest(given.prefix, marker, given.pageSize));
            page.getBucketList().forEach(bucket -> names.add(bucket.getName()));
        } while (page.isTruncated());
        return one("names", names);
    }

    private static Map<String, Object> putBucket(OSS client, Program.Input given) {
        CreateBucketRequest request = new CreateBucketRequest(given.bucket);
        if (given.acl != null) request.setCannedACL(acl(given.acl));
        return nothing(client.createBucket(request));
    }

    private static Map<String, Object> bucketInfo(OSS client, Program.Input given) {
        BucketInfo info = client.getBucketInfo(given.bucket);
        Map<String, Object> made = one("name", info.getBucket().getName());
        made.put("location", info.getBucket().getLocation());
        made.put("acl", info.getCannedACL().toString());
        made.put("storage_class", info.getBucket().getStorageClass().toString());
        made.put("extranet", info.getBucket().getExtranetEndpoint());
        return made;
    }

    private static Map<String, Object> putCors(OSS client, Program.Input given) {
        SetBucketCORSRequest.CORSRule rule = new SetBucketCORSRequest.CORSRule();
        rule.setAllowedOrigins(given.rule.origins());
        rule.setAllowedMethods(given.rule.methods());
        rule.setAllowedHeaders(given.rule.headers());
        rule.setExposeHeaders(given.rule.exposed());
        rule.setMaxAgeSeconds(given.rule.seconds());
        SetBucketCORSRequest request = new SetBucketCORSRequest(given.bucket);
        request.addCorsRule(rule);
        return nothing(client.setBucketCORS(request));
    }

    private static Map<String, Object> getCors(OSS client, Program.Input given) {
        List<Program.Rule> rules = new ArrayList<>();
        for (SetBucketCORSRequest.CORSRule rule : client.getBucketCORSRules(given.bucket)) {
            rules.add(
                    new Program.Rule(
                            rule.getAllowedOrigins(), rule.getAllowedMethods(), rule.getAllowedHeaders(),
                            rule.getExposeHeaders(), rule.getMaxAgeSeconds()));
        }
        return one("rules", rules);
    }

    private static Map<String, Object> putVersioning(OSS client, Program.Input given) {
        BucketVersioningConfiguration configuration = new BucketVersioningConfiguration(given.status);
        return nothing(client.setBucketVersioning(new SetBucketVersioningRequest(given.bucket, configuration)));
    }

    private static Map<String, Object> listObjects(OSS client, Program.Input given) {
        List<Object> pages = new ArrayList<>();
        String marker = given.startAfter;
        do {
            ListObjectsRequest request =
                    new ListObjectsRequest(given.bucket, given.prefix, marker, given.delimiter, given.pageSize);
            ObjectListing page = client.listObjects(request);
            pages.add(page(page.getObjectSummaries(), page.getCommonPrefixes()));
            marker = page.getNextMarker();
        } while (marker != null);
        return one("pages", pages);
    }

    private static Map<String, Object> listObjectsV2(OSS client, Program.Input given) {
        List<Object> pages = new ArrayList<>();
        ListObjectsV2Request request = new ListObjectsV2Request(given.bucket, given.prefix);
        request.setDelimiter(given.delimiter);
        request.setStartAfter(given.startAfter);
        request.setMaxKeys(given.pageSize);
        ListObjectsV2Result page;
        do {
            page = client.listObjectsV2(request);
            pages.add(page(page.getObjectSummaries(), page.getCommonPrefixes()));
            request.setContinuationToken(page.getNextContinuationToken());
        } while (page.isTruncated());
        return one("pages", pages);
    }

    private static Map<String, Object> listVersions(OSS client, Program.Input given) {
        List<Object> versions = new ArrayList<>();
        List<Object> markers = new ArrayList<>();
        ListVersionsRequest request =
                new ListVersionsRequest(given.bucket, given.prefix, null, null, null, given.pageSize);
        VersionListing page;
        do {
            page = client.listVersions(request);
            for (OSSVersionSummary version : page.getVersionSummaries()) {
                Map<String, Object> made = one("key", version.getKey());
                made.put("version_id", version.getVersionId());
                made.put("is_latest", version.isLatest());
                (version.isDeleteMarker() ? markers : versions).add(made);
            }
            request.setKeyMarker(page.getNextKeyMarker());
            request.setVersionIdMarker(page.getNextVersionIdMarker());
        } while (page.isTruncated());
        Map<String, Object> made = one("versions", versions);
        made.put("markers", markers);
        return made;
    }

    // -- objects

    private static Map<String, Object> putObject(OSS client, Program.Input given) throws Exception {
        PutObjectRequest request = new PutObjectRequest(given.bucket, given.key, body(given), metadata(given));
        request.setCallback(callback(given));
        PutObjectResult done = client.putObject(request);
        Map<String, Object> made = kept(done.getETag(), done.getVersionId(), done);
        made.put("callback", answer(done));
        return made;
    }

    /** A body that does not tell its length. */
    private static Map<String, Object> putStream(OSS client, Program.Input given) {
        InputStream body = new SequenceInputStream(body(given), InputStream.nullInputStream());
        PutObjectResult done = client.putObject(given.bucket, given.key, body, metadata(given));
        return kept(done.getETag(), done.getVersionId(), done);
    }

    private static Map<String, Object> getObject(OSS client, Program.Input given) throws Exception {
        try (OSSObject got = client.getObject(get(given))) {
            Map<String, Object> made = stored(got.getObjectMetadata());
            made.put("body", BinaryUtil.toBase64String(got.getObjectContent().readAllBytes()));
            return made;
        }
    }

    private static Map<String, Object> headObject(OSS client, Program.Input given) {
        HeadObjectRequest request = new HeadObjectRequest(given.bucket, given.key, given.versionId);
        if (given.ifMatch != null) request.setMatchingETagConstraints(List.of(given.ifMatch));
        if (given.ifNoneMatch != null) request.setNonmatchingETagConstraints(List.of(given.ifNoneMatch));
        return stored(client.headObject(request));
    }

    private static Map<String, Object> getObjectMeta(OSS client, Program.Input given) {
        SimplifiedObjectMeta meta = client.getSimplifiedObjectMeta(given.bucket, given.key);
        Map<String, Object> made = one("etag", meta.getETag());
        made.put("length", meta.getSize());
        return made;
    }

    private static Map<String, Object> deleteObject(OSS client, Program.Input given) {
        VoidResult done =
                given.versionId == null
                        ? client.deleteObject(given.bucket, given.key)
                        : client.deleteVersion(given.bucket, given.key, given.versionId);
        Map<String, String> headers = done.getResponse().getHeaders();
        Map<String, Object> made = one("version_id", headers.get("x-oss-version-id"));
        made.put("delete_marker", "true".equals(headers.get("x-oss-delete-marker")));
        return made;
    }

    private static Map<String, Object> deleteObjects(OSS client, Program.Input given) {
        DeleteObjectsRequest request =
                new DeleteObjectsRequest(given.bucket).withKeys(given.keys).withQuiet(given.quiet);
        // What was asked for in URL encoding it gives as it came.
        List<String> deleted = client.deleteObjects(request.withEncodingType("url")).getDeletedObjects();
        return one("deleted", deleted.stream().map(key -> URLDecoder.decode(key, StandardCharsets.UTF_8)).toList());
    }

    private static Map<String, Object> copyObject(OSS client, Program.Input given) {
        CopyObjectRequest request =
                new CopyObjectRequest(given.sourceBucket, given.sourceKey, given.bucket, given.key);
        if (given.metadata != null) request.setNewObjectMetadata(metadata(given));
        if (given.ifMatch != null) request.setMatchingETagConstraints(List.of(given.ifMatch));
        CopyObjectResult done = client.copyObject(request);
        return kept(done.getETag(), done.getVersionId(), done);
    }

    private static Map<String, Object> appendObject(OSS client, Program.Input given) {
        AppendObjectRequest request = new AppendObjectRequest(given.bucket, given.key, body(given), metadata(given));
        AppendObjectResult done = client.appendObject(request.withPosition(given.position));
        Map<String, Object> made = one("next_position", done.getNextPosition());
        made.put("crc64", done.getObjectCRC());
        return made;
    }

    private static Map<String, Object> putSymlink(OSS client, Program.Input given) {
        CreateSymlinkRequest request = new CreateSymlinkRequest(given.bucket, given.key, given.target);
        request.setMetadata(metadata(given));
        return nothing(client.createSymlink(request));
    }

    private static Map<String, Object> presign(OSS client, Program.Input given) {
        HttpMethod method = HttpMethod.valueOf(given.method);
        GeneratePresignedUrlRequest request = new GeneratePresignedUrlRequest(given.bucket, given.key, method);
        request.setExpiration(new Date(System.currentTimeMillis() + given.expires * 1000));
        Map<String, String> headers = new HashMap<>();
        if (given.contentType != null) {
            request.setContentType(given.contentType);
            headers.put("Content-Type", given.contentType);
        }
        if (given.metadata != null) {
            request.setUserMetadata(given.metadata);
            given.metadata.forEach((name, value) -> headers.put("x-oss-meta-" + name, value));
        }
        URL url = client.generatePresignedUrl(request);
        Map<String, Object> made = one("url", url.toString());
        made.put("headers", headers);
        return made;
    }

    // -- uploads in parts

    private static Map<String, Object> initiate(OSS client, Program.Input given) {
        InitiateMultipartUploadRequest request =
                new InitiateMultipartUploadRequest(given.bucket, given.key, metadata(given));
        return one("upload_id", client.initiateMultipartUpload(request).getUploadId());
    }

    private static Map<String, Object> uploadPart(OSS client, Program.Input given) {
        ByteArrayInputStream body = body(given);
        UploadPartRequest request =
                new UploadPartRequest(
                        given.bucket, given.key, given.uploadId, given.partNumber, body, body.available());
        UploadPartResult done = client.uploadPart(request);
        return kept(done.getETag(), null, done);
    }

    private static Map<String, Object> uploadPartCopy(OSS client, Program.Input given) {
        long first = given.range.get(0);
        UploadPartCopyRequest request =
                new UploadPartCopyRequest(
                        given.sourceBucket, given.sourceKey, given.bucket, given.key, given.uploadId,
                        given.partNumber, first, given.range.get(1) - first + 1);
        return one("etag", client.uploadPartCopy(request).getETag());
    }

    private static Map<String, Object> complete(OSS client, Program.Input given) throws Exception {
        List<PartETag> parts = new ArrayList<>();
        given.parts.forEach(part -> parts.add(new PartETag(part.number(), part.etag())));
        CompleteMultipartUploadRequest request =
                new CompleteMultipartUploadRequest(given.bucket, given.key, given.uploadId, parts);
        request.setCallback(callback(given));
        CompleteMultipartUploadResult done = client.completeMultipartUpload(request);
        Map<String, Object> made = kept(done.getETag(), done.getVersionId(), done);
        made.put("callback", answer(done));
        return made;
    }

    private static Map<String, Object> abort(OSS client, Program.Input given) {
        return nothing(
                client.abortMultipartUpload(
                        new AbortMultipartUploadRequest(given.bucket, given.key, given.uploadId)));
    }

    private static Map<String, Object> listParts(OSS client, Program.Input given) {
        List<Object> parts = new ArrayList<>();
        ListPartsRequest request = new ListPartsRequest(given.bucket, given.key, given.uploadId);
        request.setMaxParts(given.pageSize);
        PartListing page;
        do {
            page = client.listParts(request);
            for (PartSummary part : page.getParts()) {
                Map<String, Object> made = one("number", part.getPartNumber());
                made.put("etag", part.getETag());
                made.put("size", part.getSize());
                parts.add(made);
            }
            request.setPartNumberMarker(page.getNextPartNumberMarker());
        } while (page.isTruncated());
        return one("parts", parts);
    }

    private static Map<String, Object> listUploads(OSS client, Program.Input given) {
        List<Object> uploads = new ArrayList<>();
        ListMultipartUploadsRequest request = new ListMultipartUploadsRequest(given.bucket);
        request.setPrefix(given.prefix);
        request.setMaxUploads(given.pageSize);
        MultipartUploadListing page;
        do {
            page = client.listMultipartUploads(request);
            for (MultipartUpload upload : page.getMultipartUploads()) {
                Map<String, Object> made = one("key", upload.getKey());
                made.put("upload_id", upload.getUploadId());
                uploads.add(made);
            }
            request.setKeyMarker(page.getNextKeyMarker());
            request.setUploadIdMarker(page.getNextUploadIdMarker());
        } while (page.isTruncated());
        return one("uploads", uploads);
    }

    private static Map<String, Object> uploadFile(OSS client, Program.Input given) throws Throwable {
        UploadFileRequest request =
                new UploadFileRequest(given.bucket, given.key, given.path, given.partSize, 3, true);
        request.setObjectMetadata(metadata(given));
        CompleteMultipartUploadResult done = client.uploadFile(request).getMultipartUploadResult();
        return kept(done.getETag(), done.getVersionId(), done);
    }

    private static Map<String, Object> downloadFile(OSS client, Program.Input given) throws Throwable {
        client.downloadFile(
                new DownloadFileRequest(given.bucket, given.key, given.path, given.partSize, 3, true));
        return new LinkedHashMap<>();
    }
}
