package main

import (
	"bytes"
	"context"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
)

func initiate(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	begun, err := client.InitiateMultipartUpload(ctx, &oss.InitiateMultipartUploadRequest{
		Bucket: oss.Ptr(in.Bucket), Key: oss.Ptr(in.Key), ContentType: text(in.ContentType), Metadata: in.Metadata,
	})
	if err != nil {
		return nil, err
	}
	return Out{"upload_id": begun.UploadId}, nil
}

func uploadPart(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	done, err := client.UploadPart(ctx, &oss.UploadPartRequest{
		Bucket: oss.Ptr(in.Bucket), Key: oss.Ptr(in.Key), UploadId: oss.Ptr(in.UploadID), PartNumber: in.PartNumber,
		Body: bytes.NewReader(in.Body),
	})
	if err != nil {
		return nil, err
	}
	return Out{"etag": done.ETag, "crc64": done.HashCRC64}, nil
}

func uploadPartCopy(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	done, err := client.UploadPartCopy(ctx, &oss.UploadPartCopyRequest{
		Bucket: oss.Ptr(in.Bucket), Key: oss.Ptr(in.Key), UploadId: oss.Ptr(in.UploadID), PartNumber: in.PartNumber,
		SourceBucket: oss.Ptr(in.SourceBucket), SourceKey: oss.Ptr(in.SourceKey), Range: rangeOf(in.Range),
	})
	if err != nil {
		return nil, err
	}
	return Out{"etag": done.ETag}, nil
}

func complete(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	parts := []oss.UploadPart{}
	for _, part := range in.Parts {
		parts = append(parts, oss.UploadPart{PartNumber: part.Number, ETag: oss.Ptr(part.ETag)})
	}
	callback, variables := in.callback()
	done, err := client.CompleteMultipartUpload(ctx, &oss.CompleteMultipartUploadRequest{
		Callback: callback, CallbackVar: variables,
		Bucket: oss.Ptr(in.Bucket), Key: oss.Ptr(in.Key), UploadId: oss.Ptr(in.UploadID),
		CompleteMultipartUpload: &oss.CompleteMultipartUpload{Parts: parts},
	})
	if err != nil {
		return nil, err
	}
	return Out{"etag": done.ETag, "crc64": done.HashCRC64, "callback": done.CallbackResult}, nil
}

func abort(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	_, err := client.AbortMultipartUpload(ctx, &oss.AbortMultipartUploadRequest{
		Bucket: oss.Ptr(in.Bucket), Key: oss.Ptr(in.Key), UploadId: oss.Ptr(in.UploadID),
	})
	return Out{}, err
}

func listParts(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	pages := client.NewListPartsPaginator(&oss.ListPartsRequest{
		Bucket: oss.Ptr(in.Bucket), Key: oss.Ptr(in.Key), UploadId: oss.Ptr(in.UploadID), MaxParts: in.PageSize,
	})
	parts := []Out{}
	for pages.HasNext() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, part := range page.Parts {
			parts = append(parts, Out{"number": part.PartNumber, "etag": part.ETag, "size": part.Size})
		}
	}
	return Out{"parts": parts}, nil
}

func listUploads(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	pages := client.NewListMultipartUploadsPaginator(&oss.ListMultipartUploadsRequest{
		Bucket: oss.Ptr(in.Bucket), Prefix: text(in.Prefix), MaxUploads: in.PageSize,
	})
	uploads := []Out{}
	for pages.HasNext() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, upload := range page.Uploads {
			uploads = append(uploads, Out{"key": upload.Key, "upload_id": upload.UploadId})
		}
	}
	return Out{"uploads": uploads}, nil
}

func uploadFile(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	uploader := client.NewUploader(func(options *oss.UploaderOptions) {
		options.PartSize, options.ParallelNum = in.PartSize, 3
	})
	done, err := uploader.UploadFile(ctx, in.put(), in.Path)
	if err != nil {
		return nil, err
	}
	return Out{"etag": done.ETag, "crc64": done.HashCRC64}, nil
}

func downloadFile(ctx context.Context, client *oss.Client, in Input) (Out, error) {
	downloader := client.NewDownloader(func(options *oss.DownloaderOptions) {
		options.PartSize, options.ParallelNum = in.PartSize, 3
	})
	_, err := downloader.DownloadFile(ctx, in.get(), in.Path)
	return Out{}, err
}
