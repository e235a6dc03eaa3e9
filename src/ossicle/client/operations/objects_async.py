"""Objects and their uploads, awaited: methods of the asynchronous client."""

from typing import cast

from ossicle.client.operations.invoking import AsyncInvoker
from ossicle.client.pages import AsyncPaginator
from ossicle.client.streams import AsyncStreamBody
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


class AsyncObjectOperations(AsyncInvoker):
    """One method an operation, as the docstring of its request says."""

    async def put_object(self, request: object_basic.PutObjectRequest) -> object_basic.PutObjectResult:
        return await self.invoke(object_basic.PUT_OBJECT, request)

    async def get_object(self, request: object_basic.GetObjectRequest) -> object_basic.GetObjectResult[AsyncStreamBody]:
        result = await self.invoke(object_basic.GET_OBJECT, request)
        return cast("object_basic.GetObjectResult[AsyncStreamBody]", result)

    async def head_object(self, request: object_basic.HeadObjectRequest) -> object_basic.HeadObjectResult:
        return await self.invoke(object_basic.HEAD_OBJECT, request)

    async def get_object_meta(self, request: object_basic.GetObjectMetaRequest) -> object_basic.GetObjectMetaResult:
        return await self.invoke(object_basic.GET_OBJECT_META, request)

    async def delete_object(self, request: object_basic.DeleteObjectRequest) -> object_basic.DeleteObjectResult:
        return await self.invoke(object_basic.DELETE_OBJECT, request)

    async def delete_multiple_objects(
        self, request: object_basic.DeleteMultipleObjectsRequest
    ) -> object_basic.DeleteMultipleObjectsResult:
        return await self.invoke(object_basic.DELETE_MULTIPLE_OBJECTS, request)

    async def copy_object(self, request: object_copy.CopyObjectRequest) -> object_copy.CopyObjectResult:
        return await self.invoke(object_copy.COPY_OBJECT, request)

    async def append_object(self, request: object_append.AppendObjectRequest) -> object_append.AppendObjectResult:
        return await self.invoke(object_append.APPEND_OBJECT, request)

    async def seal_append_object(
        self, request: object_append.SealAppendObjectRequest
    ) -> object_append.SealAppendObjectResult:
        return await self.invoke(object_append.SEAL_APPEND_OBJECT, request)

    async def put_symlink(self, request: object_symlink.PutSymlinkRequest) -> object_symlink.PutSymlinkResult:
        return await self.invoke(object_symlink.PUT_SYMLINK, request)

    async def get_symlink(self, request: object_symlink.GetSymlinkRequest) -> object_symlink.GetSymlinkResult:
        return await self.invoke(object_symlink.GET_SYMLINK, request)

    async def initiate_multipart_upload(
        self, request: multipart.InitiateMultipartUploadRequest
    ) -> multipart.InitiateMultipartUploadResult:
        return await self.invoke(multipart.INITIATE_MULTIPART_UPLOAD, request)

    async def upload_part(self, request: multipart.UploadPartRequest) -> multipart.UploadPartResult:
        return await self.invoke(multipart.UPLOAD_PART, request)

    async def upload_part_copy(self, request: multipart.UploadPartCopyRequest) -> multipart.UploadPartCopyResult:
        return await self.invoke(multipart.UPLOAD_PART_COPY, request)

    async def complete_multipart_upload(
        self, request: multipart.CompleteMultipartUploadRequest
    ) -> multipart.CompleteMultipartUploadResult:
        return await self.invoke(multipart.COMPLETE_MULTIPART_UPLOAD, request)

    async def abort_multipart_upload(
        self, request: multipart.AbortMultipartUploadRequest
    ) -> multipart.AbortMultipartUploadResult:
        return await self.invoke(multipart.ABORT_MULTIPART_UPLOAD, request)

    async def list_multipart_uploads(
        self, request: multipart.ListMultipartUploadsRequest
    ) -> multipart.ListMultipartUploadsResult:
        return await self.invoke(multipart.LIST_MULTIPART_UPLOADS, request)

    async def list_parts(self, request: multipart.ListPartsRequest) -> multipart.ListPartsResult:
        return await self.invoke(multipart.LIST_PARTS, request)

    async def put_object_acl(self, request: object_acl.PutObjectAclRequest) -> object_acl.PutObjectAclResult:
        return await self.invoke(object_acl.PUT_OBJECT_ACL, request)

    async def get_object_acl(self, request: object_acl.GetObjectAclRequest) -> object_acl.GetObjectAclResult:
        return await self.invoke(object_acl.GET_OBJECT_ACL, request)

    async def put_object_tagging(
        self, request: object_tagging.PutObjectTaggingRequest
    ) -> object_tagging.PutObjectTaggingResult:
        return await self.invoke(object_tagging.PUT_OBJECT_TAGGING, request)

    async def get_object_tagging(
        self, request: object_tagging.GetObjectTaggingRequest
    ) -> object_tagging.GetObjectTaggingResult:
        return await self.invoke(object_tagging.GET_OBJECT_TAGGING, request)

    async def delete_object_tagging(
        self, request: object_tagging.DeleteObjectTaggingRequest
    ) -> object_tagging.DeleteObjectTaggingResult:
        return await self.invoke(object_tagging.DELETE_OBJECT_TAGGING, request)

    async def restore_object(self, request: object_restore.RestoreObjectRequest) -> object_restore.RestoreObjectResult:
        return await self.invoke(object_restore.RESTORE_OBJECT, request)

    async def clean_restored_object(
        self, request: object_restore.CleanRestoredObjectRequest
    ) -> object_restore.CleanRestoredObjectResult:
        return await self.invoke(object_restore.CLEAN_RESTORED_OBJECT, request)

    def list_parts_paginator(
        self, *, limit: int | None = None
    ) -> AsyncPaginator[multipart.ListPartsRequest, multipart.ListPartsResult]:
        return AsyncPaginator(self.list_parts, limit)

    def list_multipart_uploads_paginator(
        self, *, limit: int | None = None
    ) -> AsyncPaginator[multipart.ListMultipartUploadsRequest, multipart.ListMultipartUploadsResult]:
        return AsyncPaginator(self.list_multipart_uploads, limit)
