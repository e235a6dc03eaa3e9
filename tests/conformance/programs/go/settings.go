package main

import (
	"context"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
)

func useSettings(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	bucket := oss.Ptr(in.Bucket)
	if err := putSettings(ctx, client, bucket); err != nil {
		return nil, err
	}
	told, err := getSettings(ctx, client, bucket)
	if err != nil {
		return nil, err
	}
	return told, deleteSettings(ctx, client, bucket)
}

func putSettings(ctx context.Context, client *oss.Client, bucket *string) error {
	rule := oss.LifecycleRule{
		ID: oss.Ptr("r1"), Prefix: oss.Ptr("log/"), Status: oss.Ptr("Enabled"),
		Expiration: &oss.LifecycleRuleExpiration{Days: oss.Ptr(int32(3))},
	}
	lifecycle := &oss.LifecycleConfiguration{Rules: []oss.LifecycleRule{rule}}
	tags := &oss.Tagging{TagSet: &oss.TagSet{Tags: []oss.Tag{{Key: oss.Ptr("k"), Value: oss.Ptr("v")}}}}
	referer := &oss.RefererConfiguration{
		AllowEmptyReferer: oss.Ptr(true), RefererList: &oss.RefererList{Referers: []string{"http://a.example"}},
	}
	website := &oss.WebsiteConfiguration{IndexDocument: &oss.IndexDocument{Suffix: oss.Ptr("index.html")}}
	encryption := &oss.ServerSideEncryptionRule{
		ApplyServerSideEncryptionByDefault: &oss.ApplyServerSideEncryptionByDefault{SSEAlgorithm: oss.Ptr("AES256")},
	}
	if _, err := client.PutBucketLifecycle(ctx, &oss.PutBucketLifecycleRequest{
		Bucket: bucket, LifecycleConfiguration: lifecycle,
	}); err != nil {
		return err
	}
	if _, err := client.PutBucketTags(ctx, &oss.PutBucketTagsRequest{Bucket: bucket, Tagging: tags}); err != nil {
		return err
	}
	if _, err := client.PutBucketReferer(ctx, &oss.PutBucketRefererRequest{
		Bucket: bucket, RefererConfiguration: referer,
	}); err != nil {
		return err
	}
	if _, err := client.PutBucketWebsite(ctx, &oss.PutBucketWebsiteRequest{
		Bucket: bucket, WebsiteConfiguration: website,
	}); err != nil {
		return err
	}
	_, err := client.PutBucketEncryption(ctx, &oss.PutBucketEncryptionRequest{
		Bucket: bucket, ServerSideEncryptionRule: encryption,
	})
	return err
}

func getSettings(ctx context.Context, client *oss.Client, bucket *string) (Out, error) {
	lifecycle, err := client.GetBucketLifecycle(ctx, &oss.GetBucketLifecycleRequest{Bucket: bucket})
	if err != nil {
		return nil, err
	}
	tagging, err := client.GetBucketTags(ctx, &oss.GetBucketTagsRequest{Bucket: bucket})
	if err != nil {
		return nil, err
	}
	referer, err := client.GetBucketReferer(ctx, &oss.GetBucketRefererRequest{Bucket: bucket})
	if err != nil {
		return nil, err
	}
	website, err := client.GetBucketWebsite(ctx, &oss.GetBucketWebsiteRequest{Bucket: bucket})
	if err != nil {
		return nil, err
	}
	encryption, err := client.GetBucketEncryption(ctx, &oss.GetBucketEncryptionRequest{Bucket: bucket})
	if err != nil {
		return nil, err
	}
	tags := map[string]string{}
	for _, tag := range tagging.Tagging.TagSet.Tags {
		tags[oss.ToString(tag.Key)] = oss.ToString(tag.Value)
	}
	return Out{
		"days":      *lifecycle.LifecycleConfiguration.Rules[0].Expiration.Days,
		"tags":      tags,
		"referers":  referer.RefererConfiguration.RefererList.Referers,
		"index":     oss.ToString(website.WebsiteConfiguration.IndexDocument.Suffix),
		"algorithm": oss.ToString(encryption.ServerSideEncryptionRule.ApplyServerSideEncryptionByDefault.SSEAlgorithm),
	}, nil
}

func deleteSettings(ctx context.Context, client *oss.Client, bucket *string) error {
	if _, err := client.DeleteBucketLifecycle(ctx, &oss.DeleteBucketLifecycleRequest{Bucket: bucket}); err != nil {
		return err
	}
	if _, err := client.DeleteBucketTags(ctx, &oss.DeleteBucketTagsRequest{Bucket: bucket}); err != nil {
		return err
	}
	if _, err := client.DeleteBucketWebsite(ctx, &oss.DeleteBucketWebsiteRequest{Bucket: bucket}); err != nil {
		return err
	}
	_, err := client.DeleteBucketEncryption(ctx, &oss.DeleteBucketEncryptionRequest{Bucket: bucket})
	return err
}
