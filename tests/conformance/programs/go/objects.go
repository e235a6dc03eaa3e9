package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"time"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
)

// Input is what a call is given; each takes what it needs of it.
type Input struct {
	Bucket            string            `json:"bucket"`
	Key               string            `json:"key"`
	VersionID         string            `json:"version_id"`
	Body              []byte            `json:"body"`
	ContentType       string            `json:"content_type"`
	CacheControl      string            `json:"cache_control"`
	ContentMD5        string            `json:"content_md5"`
	Metadata          map[string]string `json:"metadata"`
	StorageClass      string            `json:"storage_class"`
	ACL               string            `json:"acl"`
	ForbidOverwrite   bool              `json:"forbid_overwrite"`
	Headers           map[string]string `json:"headers"`
	IfMatch           string            `json:"if_match"`
	IfNoneMatch       string            `json:"if_none_match"`
	IfModifiedSince   int64             `json:"if_modified_since"`
	IfUnmodifiedSince int64             `json:"if_unmodified_since"`
	Range             []int64           `json:"range"`
	ResponseType      string            `json:"response_content_type"`
	SourceBucket      string            `json:"source_bucket"`
	SourceKey         string            `json:"source_key"`
	Keys              []string          `json:"keys"`
	Quiet             bool              `json:"quiet"`
	Prefix            string            `json:"prefix"`
	Delimiter         string            `json:"delimiter"`
	StartAfter        string            `json:"start_after"`
	PageSize          int32             `json:"page_size"`
	UploadID          string            `json:"upload_id"`
	PartNumber        int32             `json:"part_number"`
	Parts             []Part            `json:"parts"`
	Path              string            `json:"path"`
	PartSize          int64             `json:"part_size"`
	Method            string            `json:"method"`
	Expires           int64             `json:"expires"`
	Position          int64             `json:"position"`
	Target            string            `json:"target"`
	Tags              map[string]string `json:"tags"`
	Status            string            `json:"status"`
	Callback          *Callback         `json:"callback"`
	Rule              Rule              `json:"rule"`
}

// Rule says what pages of other origins may do.
type Rule struct {
	Origins []string `json:"origins"`
	Methods []string `json:"methods"`
	Headers []string `json:"headers"`
	Exposed []string `json:"exposed"`
	Seconds int64    `json:"seconds"`
}

// Callback is whom the service tells of an upload, and what.
type Callback struct {
	URL       string            `json:"url"`
	Body      string            `json:"body"`
	Type      string            `json:"type"`
	Variables map[string]string `json:"variables"`
}

func (in Input) callback() (callback, variables *string) {
	if in.Callback == nil {
		return nil, nil
	}
	return base64JSON(map[string]string{
		"callbackUrl": in.Callback.URL, "callbackBody": in.Callback.Body, "callbackBodyType": in.Callback.Type,
	}), base64JSON(in.Callback.Variables)
}

func base64JSON(value map[string]string) *string {
	encoded, _ := json.Marshal(value)
	return oss.Ptr(base64.StdEncoding.EncodeToString(encoded))
}

// Part is a part that was uploaded.
type Part struct {
	Number int32  `json:"number"`
	ETag   string `json:"etag"`
}

func (in Input) common() oss.RequestCommon { return oss.RequestCommon{Headers: in.Headers} }

func (in Input) forbidden() *string {
	if in.ForbidOverwrite {
		return oss.Ptr("true")
	}
	return nil
}

func (in Input) put() *oss.PutObjectRequest {
	return &oss.PutObjectRequest{
		Bucket: oss.Ptr(in.Bucket), Key: oss.Ptr(in.Key), ContentType: text(in.ContentType),
		CacheControl: text(in.CacheControl), ContentMD5: text(in.ContentMD5), Metadata: in.Metadata,
		StorageClass: oss.StorageClassType(in.StorageClass), Acl: oss.ObjectACLType(in.ACL),
		ForbidOverwrite: in.forbidden(), RequestCommon: in.common(),
	}
}

func (in Input) get() *oss.GetObjectRequest {
	return &oss.GetObjectRequest{
		Bucket: oss.Ptr(in.Bucket), Key: oss.Ptr(in.Key), VersionId: text(in.VersionID),
		IfMatch: text(in.IfMatch), IfNoneMatch: text(in.IfNoneMatch), IfModifiedSince: date(in.IfModifiedSince),
		IfUnmodifiedSince: date(in.IfUnmodifiedSince), Range: rangeOf(in.Range),
		ResponseContentType: text(in.ResponseType), RequestCommon: in.common(),
	}
}

func putObject(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	return put(ctx, client, in, bytes.NewReader(in.Body))
}

// putStream sends a body that does not tell its length.
func putStream(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	return put(ctx, client, in, struct{ io.Reader }{bytes.NewReader(in.Body)})
}

func put(ctx context.Context, client *oss.Client, in Input, body io.Reader) (Out, error) {
	request := in.put()
	request.Body = body
	request.Callback, request.CallbackVar = in.callback()
	done, err := client.PutObject(ctx, request)
	if err != nil {
		return nil, err
	}
	return Out{
		"etag": done.ETag, "crc64": done.HashCRC64, "version_id": done.VersionId,
		"request_id": done.Headers.Get("x-oss-request-id"), "callback": done.CallbackResult,
	}, nil
}

func getObject(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	got, err := client.GetObject(ctx, in.get())
	if err != nil {
		return nil, err
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		return nil, err
	}
	return Out{
		"body": body, "etag": got.ETag, "crc64": got.HashCRC64, "content_type": got.ContentType,
		"cache_control": text(got.Headers.Get("Cache-Control")), "metadata": got.Metadata, "length": got.ContentLength,
		"content_range": got.ContentRange, "storage_class": got.StorageClass, "object_type": got.ObjectType,
		"version_id": got.VersionId,
	}, nil
}

func headObject(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	got, err := client.HeadObject(ctx, &oss.HeadObjectRequest{
		Bucket: oss.Ptr(in.Bucket), Key: oss.Ptr(in.Key), VersionId: text(in.VersionID),
		IfMatch: text(in.IfMatch), IfNoneMatch: text(in.IfNoneMatch), RequestCommon: in.common(),
	})
	if err != nil {
		return nil, err
	}
	return Out{
		"etag": got.ETag, "crc64": got.HashCRC64, "content_type": got.ContentType, "cache_control": got.CacheControl,
		"metadata": got.Metadata, "length": got.ContentLength, "storage_class": got.StorageClass,
		"object_type": got.ObjectType, "version_id": got.VersionId, "restore": got.Restore,
	}, nil
}

func getObjectMeta(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	got, err := client.GetObjectMeta(ctx, &oss.GetObjectMetaRequest{
		Bucket: oss.Ptr(in.Bucket), Key: oss.Ptr(in.Key), VersionId: text(in.VersionID),
	})
	if err != nil {
		return nil, err
	}
	return Out{"etag": got.ETag, "length": got.ContentLength}, nil
}

func deleteObject(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	done, err := client.DeleteObject(ctx, &oss.DeleteObjectRequest{
		Bucket: oss.Ptr(in.Bucket), Key: oss.Ptr(in.Key), VersionId: text(in.VersionID),
	})
	if err != nil {
		return nil, err
	}
	return Out{"version_id": done.VersionId, "delete_marker": done.DeleteMarker}, nil
}

func deleteObjects(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	objects := []oss.DeleteObject{}
	for _, key := range in.Keys {
		objects = append(objects, oss.DeleteObject{Key: oss.Ptr(key)})
	}
	done, err := client.DeleteMultipleObjects(ctx, &oss.DeleteMultipleObjectsRequest{
		Bucket: oss.Ptr(in.Bucket), Objects: objects, Quiet: in.Quiet, EncodingType: oss.Ptr("url"),
	})
	if err != nil {
		return nil, err
	}
	deleted := []string{}
	for _, item := range done.DeletedObjects {
		deleted = append(deleted, oss.ToString(item.Key))
	}
	return Out{"deleted": deleted}, nil
}

func copyObject(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	request := &oss.CopyObjectRequest{
		Bucket: oss.Ptr(in.Bucket), Key: oss.Ptr(in.Key), SourceBucket: oss.Ptr(in.SourceBucket),
		SourceKey: oss.Ptr(in.SourceKey), IfMatch: text(in.IfMatch), RequestCommon: in.common(),
	}
	if in.Metadata != nil {
		request.MetadataDirective, request.Metadata = oss.Ptr("REPLACE"), in.Metadata
	}
	done, err := client.CopyObject(ctx, request)
	if err != nil {
		return nil, err
	}
	return Out{"etag": done.ETag, "crc64": done.HashCRC64, "version_id": done.VersionId}, nil
}

func appendObject(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	done, err := client.AppendObject(ctx, &oss.AppendObjectRequest{
		Bucket: oss.Ptr(in.Bucket), Key: oss.Ptr(in.Key), Position: oss.Ptr(in.Position),
		Body: bytes.NewReader(in.Body), Metadata: in.Metadata,
	})
	if err != nil {
		return nil, err
	}
	return Out{"next_position": done.NextPosition, "crc64": done.HashCRC64}, nil
}

func putSymlink(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	_, err := client.PutSymlink(ctx, &oss.PutSymlinkRequest{
		Bucket: oss.Ptr(in.Bucket), Key: oss.Ptr(in.Key), Target: oss.Ptr(in.Target), Metadata: in.Metadata,
	})
	return Out{}, err
}

func getSymlink(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	got, err := client.GetSymlink(ctx, &oss.GetSymlinkRequest{Bucket: oss.Ptr(in.Bucket), Key: oss.Ptr(in.Key)})
	if err != nil {
		return nil, err
	}
	return Out{"target": got.Target}, nil
}

func putTags(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	tags := []oss.Tag{}
	for key, value := range in.Tags {
		tags = append(tags, oss.Tag{Key: oss.Ptr(key), Value: oss.Ptr(value)})
	}
	_, err := client.PutObjectTagging(ctx, &oss.PutObjectTaggingRequest{
		Bucket: oss.Ptr(in.Bucket), Key: oss.Ptr(in.Key), Tagging: &oss.Tagging{TagSet: &oss.TagSet{Tags: tags}},
	})
	return Out{}, err
}

func getTags(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	got, err := client.GetObjectTagging(ctx, &oss.GetObjectTaggingRequest{
		Bucket: oss.Ptr(in.Bucket), Key: oss.Ptr(in.Key),
	})
	if err != nil {
		return nil, err
	}
	tags := map[string]string{}
	for _, tag := range got.Tags {
		tags[oss.ToString(tag.Key)] = oss.ToString(tag.Value)
	}
	return Out{"tags": tags}, nil
}

func deleteTags(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	_, err := client.DeleteObjectTagging(ctx, &oss.DeleteObjectTaggingRequest{
		Bucket: oss.Ptr(in.Bucket), Key: oss.Ptr(in.Key),
	})
	return Out{}, err
}

func putObjectACL(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	_, err := client.PutObjectAcl(ctx, &oss.PutObjectAclRequest{
		Bucket: oss.Ptr(in.Bucket), Key: oss.Ptr(in.Key), Acl: oss.ObjectACLType(in.ACL),
	})
	return Out{}, err
}

func getObjectACL(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	got, err := client.GetObjectAcl(ctx, &oss.GetObjectAclRequest{Bucket: oss.Ptr(in.Bucket), Key: oss.Ptr(in.Key)})
	if err != nil {
		return nil, err
	}
	return Out{"acl": got.ACL}, nil
}

func restoreObject(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	done, err := client.RestoreObject(ctx, &oss.RestoreObjectRequest{Bucket: oss.Ptr(in.Bucket), Key: oss.Ptr(in.Key)})
	if err != nil {
		return nil, err
	}
	return Out{"status": done.StatusCode}, nil
}

func presign(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	var request any
	switch in.Method {
	case "PUT":
		request = in.put()
	case "GET":
		request = in.get()
	case "HEAD":
		request = &oss.HeadObjectRequest{Bucket: oss.Ptr(in.Bucket), Key: oss.Ptr(in.Key)}
	}
	signed, err := client.Presign(ctx, request, oss.PresignExpires(time.Duration(in.Expires)*time.Second))
	if err != nil {
		return nil, err
	}
	return Out{"url": signed.URL, "headers": signed.SignedHeaders}, nil
}
