"""What became of a conversation, by the service's own transcript."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field, fields

from durability.conversation import PARCEL, Conversation, Reply, Said, Sent

SUM = re.compile(r"\b[0-9a-f]{64}\b")


@dataclass(frozen=True)
class File:
    """A file that the service approved."""

    name: str
    data: bytes


@dataclass
class Counts:
    """Each is 0 when all is well, but for the first."""

    conversations: int = 0
    replies_lost: int = 0
    replies_doubled: int = 0
    replies_never_due: int = 0
    attachments_lost: int = 0
    attachments_doubled: int = 0
    attachments_differing: int = 0
    conversations_out_of_order: int = 0
    conversations_stuck: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))

    @property
    def faults(self) -> int:
        return sum(getattr(self, field.name) for field in fields(self)) - self.conversations

    def rows(self) -> list[tuple[str, int]]:
        return [(field.name.replace("_", " "), getattr(self, field.name)) for field in fields(self)]


@dataclass
class Heard:
    """The bot's messages and files in the order of the transcript, and whether it left."""

    items: list[str | File] = field(default_factory=list)
    has_left: bool = False

    @property
    def replies(self) -> list[Reply]:
        return [_reply(item) for item in self.items]

    @property
    def files(self) -> list[File]:
        return [item for item in self.items if isinstance(item, File)]

    def announced_sum(self, name: str) -> str | None:
        """The SHA-256 that the bot gave for a file that it made."""
        number = name.removeprefix("receipt-").removesuffix(".txt")
        texts = [item for item in self.items if isinstance(item, str) and item.startswith(f"Receipt {number} has the sum ")]
        return SUM.search(texts[0])[0] if texts else None


def judge(conversation: Conversation, heard: Heard, parcel: bytes) -> Counts:
    replies = conversation.replies[: len(heard.replies)] if conversation.is_broken_off else conversation.replies
    due, came = Counter(replies), Counter(heard.replies)
    lost, extra = due - came, came - due
    return Counts(
        conversations=1,
        replies_lost=_count(lost, Said),
        replies_doubled=sum(count for reply, count in extra.items() if isinstance(reply, Said) and reply in due),
        replies_never_due=sum(count for reply, count in extra.items() if reply not in due),
        attachments_lost=_count(lost, Sent),
        attachments_doubled=sum(count for reply, count in extra.items() if isinstance(reply, Sent) and reply in due),
        attachments_differing=sum(_differs(file, heard, parcel) for file in heard.files),
        conversations_out_of_order=int(due == came and replies != heard.replies),
        conversations_stuck=int(not heard.has_left and not conversation.is_broken_off),
    )


def _reply(item: str | File) -> Reply:
    return Sent(item.name) if isinstance(item, File) else Said(SUM.sub("", item))


def _count(replies: Counter, kind: type) -> int:
    return sum(count for reply, count in replies.items() if isinstance(reply, kind))


def _differs(file: File, heard: Heard, parcel: bytes) -> bool:
    expected = hashlib.sha256(parcel).hexdigest() if file.name == PARCEL else heard.announced_sum(file.name)
    return expected is not None and hashlib.sha256(file.data).hexdigest() != expected
