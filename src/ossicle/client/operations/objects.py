"""Objects and their uploads: methods of the synchronous client."""

from typing import cast

from ossicle.client.operations.invoking import Invoker
from ossicle.client.pages import Paginator
from ossicle.client.streams import StreamBody
from ossicle.wire.api import (
    multipart,
    object_acl,
    object_append,
    object_basic,
    object_copy,
    object_restore,
    object_symlink,
    object_tagging,
)


class ObjectOperations(Invoker):
    """One method an operation, as the docstring of its request says."""

    def put_object(self, request: object_basic.PutObjectRequest) -> object_basic.PutObjectResult:
        return self.invoke(object_basic.PUT_OBJECT, request)

    def get_object(self, request: object_basic.GetObjectRequest) -> object_basic.GetObjectResult[StreamBody]:
        result = self.invoke(object_basic.GET_OBJECT, request)
        return cast("object_basic.GetObjectResult[StreamBody]", result)

    def head_object(self, request: object_basic.HeadObjectRequest) -> object_basic.HeadObjectResult:
        return self.invoke(object_basic.HEAD_OBJECT, request)

    def get_object_meta(self, request: object_basic.GetObjectMetaRequest) -> object_basic.GetObjectMetaResult:
        return self.invoke(object_basic.GET_OBJECT_META, request)

    def delete_object(self, request: object_basic.DeleteObjectRequest) -> object_basic.DeleteObjectResult:
        return self.invoke(object_basic.DELETE_OBJECT, request)

    def delete_multiple_objects(
        self, request: object_basic.DeleteMultipleObjectsRequest
    ) -> object_basic.DeleteMultipleObjectsResult:
        return self.invoke(object_basic.DELETE_MULTIPLE_OBJECTS, request)

    def copy_object(self, request: object_copy.CopyObjectRequest) -> object_copy.CopyObjectResult:
        return self.invoke(object_copy.COPY_OBJECT, request)

    def append_object(self, request: object_append.AppendObjectRequest) -> object_append.AppendObjectResult:
        return self.invoke(object_append.APPEND_OBJECT, request)

    def seal_append_object(
        self, request: object_append.SealAppendObjectRequest
    ) -> object_append.SealAppendObjectResult:
        return self.invoke(object_append.SEAL_APPEND_OBJECT, request)

    def put_symlink(self, request: object_symlink.PutSymlinkRequest) -> object_symlink.PutSymlinkResult:
        return self.invoke(object_symlink.PUT_SYMLINK, request)

    def get_symlink(self, request: object_symlink.GetSymlinkRequest) -> object_symlink.GetSymlinkResult:
        return self.invoke(object_symlink.GET_SYMLINK, request)

    def initiate_multipart_upload(
        self, request: multipart.InitiateMultipartUploadRequest
    ) -> multipart.InitiateMultipartUploadResult:
        return self.invoke(multipart.INITIATE_MULTIPART_UPLOAD, request)

    def upload_part(self, request: multipart.UploadPartRequest) -> multipart.UploadPartResult:
        return self.invoke(multipart.UPLOAD_PART, request)

    def upload_part_copy(self, request: multipart.UploadPartCopyRequest) -> multipart.UploadPartCopyResult:
        return self.invoke(multipart.UPLOAD_PART_COPY, request)

    def complete_multipart_upload(
        self, request: multipart.CompleteMultipartUploadRequest
    ) -> multipart.CompleteMultipartUploadResult:
        return self.invoke(multipart.COMPLETE_MULTIPART_UPLOAD, request)

    def abort_multipart_upload(
        self, request: multipart.AbortMultipartUploadRequest
    ) -> multipart.AbortMultipartUploadResult:
        return self.invoke(multipart.ABORT_MULTIPART_UPLOAD, request)

    def list_multipart_uploads(
        self, request: multipart.ListMultipartUploadsRequest
    ) -> multipart.ListMultipartUploadsResult:
        return self.invoke(multipart.LIST_MULTIPART_UPLOADS, request)

    def list_parts(self, request: multipart.ListPartsRequest) -> multipart.ListPartsResult:
        return self.invoke(multipart.LIST_PARTS, request)

    def put_object_acl(self, request: object_acl.PutObjectAclRequest) -> object_acl.PutObjectAclResult:
        return self.invoke(object_acl.PUT_OBJECT_ACL, request)

    def get_object_acl(self, request: object_acl.GetObjectAclRequest) -> object_acl.GetObjectAclResult:
        return self.invoke(object_acl.GET_OBJECT_ACL, request)

    def put_object_tagging(
        self, request: object_tagging.PutObjectTaggingRequest
    ) -> object_tagging.PutObjectTaggingResult:
        return self.invoke(object_tagging.PUT_OBJECT_TAGGING, request)

    def get_object_tagging(
        self, request: object_tagging.GetObjectTaggingRequest
    ) -> object_tagging.GetObjectTaggingResult:
        return self.invoke(object_tagging.GET_OBJECT_TAGGING, request)

    def delete_object_tagging(
        self, request: object_tagging.DeleteObjectTaggingRequest
    ) -> object_tagging.DeleteObjectTaggingResult:
        return self.invoke(object_tagging.DELETE_OBJECT_TAGGING, request)

    def restore_object(self, request: object_restore.RestoreObjectRequest) -> object_restore.RestoreObjectResult:
        return self.invoke(object_restore.RESTORE_OBJECT, request)

    def clean_restored_object(
        self, request: object_restore.CleanRestoredObjectRequest
    ) -> object_restore.CleanRestoredObjectResult:
        return self.invoke(object_restore.CLEAN_RESTORED_OBJECT, request)

    def list_parts_paginator(
        self, *, limit: int | None = None
    ) -> Paginator[multipart.ListPartsRequest, multipart.ListPartsResult]:
        return Paginator(self.list_parts, limit)

    def list_multipart_uploads_paginator(
        self, *, limit: int | None = None
    ) -> Paginator[multipart.ListMultipartUploadsRequest, multipart.ListMultipartUploadsResult]:
        return Paginator(self.list_multipart_uploads, limit)
