"""上传: a file of any size is answered, and none fills the disk: beyond a bound it is counted and thrown away."""

from io import BytesIO

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

LARGEST = 10 << 20  # the largest that any form takes; a form says so in its own words


class Bounded(FileUploadHandler):
    """The first of FILE_UPLOAD_HANDLERS: what is too large reaches the form with its true size and without its content."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start + len(raw_data) <= LARGEST else None

    def file_complete(self, file_size: int) -> "InMemoryUploadedFile | None":
        if file_size <= LARGEST:
            return None
        return InMemoryUploadedFile(BytesIO(), self.field_name, str(self.file_name), self.content_type, file_size, None)
