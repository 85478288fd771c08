"""Started uploads and the object store behind their URLs."""

import secrets
import uuid
from dataclasses import dataclass, field
from urllib.parse import quote

MAXIMUM_SIZE = 20 * 1024 * 1024
CONTENT_TYPES = {
    ".csv": "text/csv",
    ".jpg": "image/jpeg",
    ".mp4": "video/mp4",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".txt": "text/plain",
}


@dataclass
class Upload:
    name: str
    content_type: str
    size: int
    is_url_expired: bool = False
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    data: bytes | None = None
    is_completed: bool = False
    status: str = "IN_PROGRESS"
    puts: int = 0

    @property
    def path(self) -> str:
        return f"/objects/{self.id}?X-Amz-Signature={self.key}"

    def headers(self, contact_id: str) -> dict[str, str]:
        return {
            "Content-Type": self.content_type,
            "Content-Length": str(self.size),
            "Content-Disposition": disposition(self.name),
            "x-amz-acl": "bucket-owner-full-control",
            "x-amz-meta-contact_id": contact_id,
            "x-amz-meta-initial_contact_id": contact_id,
            "x-amz-meta-organization_id": "11111111-2222-3333-4444-555555555555",
            "x-amz-meta-account_id": "123456789012",
        }

    @property
    def file(self) -> dict:
        return {"AttachmentId": self.id, "AttachmentName": self.name, "ContentType": self.content_type, "Status": self.status}


def disposition(name: str) -> str:
    """RFC 6266: the name as it is where it is ASCII, else percent-encoded."""
    if name.isascii():
        return f'attachment; filename="{name}"'
    return f"attachment; filename*=UTF-8''{quote(name)}"
