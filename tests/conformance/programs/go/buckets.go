package main

import (
	"context"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
)

var handlers = map[string]handler{
	"list_buckets": listBuckets, "put_bucket": putBucket, "delete_bucket": deleteBucket, "bucket_info": bucketInfo,
	"put_bucket_acl": putBucketACL, "get_bucket_acl": getBucketACL,
	"put_cors": putCORS, "get_cors": getCORS, "delete_cors": deleteCORS,
	"use_settings": useSettings,
	"put_versioning": putVersioning, "get_versioning": getVersioning,
	"list_objects": listObjects, "list_objects_v2": listObjectsV2, "list_versions": listVersions,
	"put_object": putObject, "put_stream": putStream, "get_object": getObject, "head_object": headObject, "get_object_meta": getObjectMeta,
	"delete_object": deleteObject, "delete_objects": deleteObjects, "copy_object": copyObject,
	"append_object": appendObject, "put_symlink": putSymlink, "get_symlink": getSymlink,
	"put_tags": putTags, "get_tags": getTags, "delete_tags": deleteTags,
	"put_object_acl": putObjectACL, "get_object_acl": getObjectACL, "restore_object": restoreObject,
	"presign":  presign,
	"initiate": initiate, "upload_part": uploadPart, "upload_part_copy": uploadPartCopy, "complete": complete,
	"abort": abort, "list_parts": listParts, "list_uploads": listUploads,
	"upload_file": uploadFile, "download_file": downloadFile,
}

func listBuckets(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	pages := client.NewListBucketsPaginator(&oss.ListBucketsRequest{Prefix: text(in.Prefix), MaxKeys: in.PageSize})
	names := []string{}
	for pages.HasNext() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, bucket := range page.Buckets {
			names = append(names, oss.ToString(bucket.Name))
		}
	}
	return Out{"names": names}, nil
}

func putBucket(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	_, err := client.PutBucket(ctx, &oss.PutBucketRequest{Bucket: oss.Ptr(in.Bucket), Acl: oss.BucketACLType(in.ACL)})
	return Out{}, err
}

func deleteBucket(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	_, err := client.DeleteBucket(ctx, &oss.DeleteBucketRequest{Bucket: oss.Ptr(in.Bucket)})
	return Out{}, err
}

func bucketInfo(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	got, err := client.GetBucketInfo(ctx, &oss.GetBucketInfoRequest{Bucket: oss.Ptr(in.Bucket)})
	if err != nil {
		return nil, err
	}
	info := got.BucketInfo
	return Out{
		"name": info.Name, "location": info.Location, "acl": info.ACL, "storage_class": info.StorageClass,
		"extranet": info.ExtranetEndpoint,
	}, nil
}

func putBucketACL(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	_, err := client.PutBucketAcl(ctx, &oss.PutBucketAclRequest{
		Bucket: oss.Ptr(in.Bucket), Acl: oss.BucketACLType(in.ACL),
	})
	return Out{}, err
}

func getBucketACL(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	got, err := client.GetBucketAcl(ctx, &oss.GetBucketAclRequest{Bucket: oss.Ptr(in.Bucket)})
	if err != nil {
		return nil, err
	}
	return Out{"acl": got.ACL}, nil
}

func putCORS(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	rule := oss.CORSRule{
		AllowedOrigins: in.Rule.Origins, AllowedMethods: in.Rule.Methods, AllowedHeaders: in.Rule.Headers,
		ExposeHeaders: in.Rule.Exposed, MaxAgeSeconds: oss.Ptr(in.Rule.Seconds),
	}
	_, err := client.PutBucketCors(ctx, &oss.PutBucketCorsRequest{
		Bucket: oss.Ptr(in.Bucket), CORSConfiguration: &oss.CORSConfiguration{CORSRules: []oss.CORSRule{rule}},
	})
	return Out{}, err
}

func getCORS(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	got, err := client.GetBucketCors(ctx, &oss.GetBucketCorsRequest{Bucket: oss.Ptr(in.Bucket)})
	if err != nil {
		return nil, err
	}
	rules := []Rule{}
	for _, rule := range got.CORSConfiguration.CORSRules {
		rules = append(rules, Rule{
			rule.AllowedOrigins, rule.AllowedMethods, rule.AllowedHeaders, rule.ExposeHeaders,
			oss.ToInt64(rule.MaxAgeSeconds),
		})
	}
	return Out{"rules": rules}, nil
}

func deleteCORS(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	_, err := client.DeleteBucketCors(ctx, &oss.DeleteBucketCorsRequest{Bucket: oss.Ptr(in.Bucket)})
	return Out{}, err
}

func putVersioning(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	_, err := client.PutBucketVersioning(ctx, &oss.PutBucketVersioningRequest{
		Bucket:                  oss.Ptr(in.Bucket),
		VersioningConfiguration: &oss.VersioningConfiguration{Status: oss.VersioningStatusType(in.Status)},
	})
	return Out{}, err
}

func getVersioning(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	got, err := client.GetBucketVersioning(ctx, &oss.GetBucketVersioningRequest{Bucket: oss.Ptr(in.Bucket)})
	if err != nil {
		return nil, err
	}
	return Out{"status": got.VersionStatus}, nil
}

func page(keys, prefixes []string) Out { return Out{"keys": keys, "prefixes": prefixes} }

func keysOf(objects []oss.ObjectProperties) []string {
	keys := []string{}
	for _, object := range objects {
		keys = append(keys, oss.ToString(object.Key))
	}
	return keys
}

func prefixesOf(groups []oss.CommonPrefix) []string {
	prefixes := []string{}
	for _, group := range groups {
		prefixes = append(prefixes, oss.ToString(group.Prefix))
	}
	return prefixes
}

func listObjects(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	pages := client.NewListObjectsPaginator(&oss.ListObjectsRequest{
		Bucket: oss.Ptr(in.Bucket), Prefix: text(in.Prefix), Delimiter: text(in.Delimiter),
		Marker: text(in.StartAfter), MaxKeys: in.PageSize,
	})
	found := []Out{}
	for pages.HasNext() {
		got, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		found = append(found, page(keysOf(got.Contents), prefixesOf(got.CommonPrefixes)))
	}
	return Out{"pages": found}, nil
}

func listObjectsV2(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	pages := client.NewListObjectsV2Paginator(&oss.ListObjectsV2Request{
		Bucket: oss.Ptr(in.Bucket), Prefix: text(in.Prefix), Delimiter: text(in.Delimiter),
		StartAfter: text(in.StartAfter), MaxKeys: in.PageSize,
	})
	found := []Out{}
	for pages.HasNext() {
		got, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		found = append(found, page(keysOf(got.Contents), prefixesOf(got.CommonPrefixes)))
	}
	return Out{"pages": found}, nil
}

func listVersions(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	pages := client.NewListObjectVersionsPaginator(&oss.ListObjectVersionsRequest{
		Bucket: oss.Ptr(in.Bucket), Prefix: text(in.Prefix), MaxKeys: in.PageSize,
	})
	versions, markers := []Out{}, []Out{}
	for pages.HasNext() {
		got, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, version := range got.ObjectVersions {
			versions = append(versions, Out{
				"key": version.Key, "version_id": version.VersionId, "is_latest": version.IsLatest})
		}
		for _, marker := range got.ObjectDeleteMarkers {
			markers = append(markers, Out{"key": marker.Key, "version_id": marker.VersionId, "is_latest": marker.IsLatest})
		}
	}
	return Out{"versions": versions, "markers": markers}, nil
}
