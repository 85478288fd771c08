"""Whether the client keeps to the documented rates (reference, section 3)."""

import asyncio

# Calls a second, and at once after a pause.
DOCUMENTED = {
    "CreateParticipantConnection": (6, 9),
    "DisconnectParticipant": (3, 5),
    "GetTranscript": (8, 12),
    "SendMessage": (10, 15),
    "SendEvent": (10, 15),
    "StartAttachmentUpload": (2, 5),
    "CompleteAttachmentUpload": (2, 5),
    "GetAttachment": (8, 12),
}
SHARED = {"SendEvent": "SendMessage"}


class Quotas:
    """Token buckets, with one call of slack: what was paced there may arrive bunched here."""

    def __init__(self):
        self._buckets: dict[str, tuple[float, float]] = {}

    def admits(self, operation: str) -> bool:
        name = SHARED.get(operation, operation)
        rate, burst = DOCUMENTED.get(name, (2, 5))
        now = asyncio.get_running_loop().time()
        tokens, filled = self._buckets.get(name, (burst + 1, now))
        tokens = min(burst + 1, tokens + (now - filled) * rate)
        admitted = tokens >= 1
        self._buckets[name] = (tokens - 1 if admitted else tokens, now)
        return admitted
