"""GetTranscript's pages (reference, section 6)."""

import secrets
from dataclasses import dataclass

from strict_service.chat import Chat


@dataclass
class Walk:
    """Where a walk through the transcript stands: the index of the next item, and who walks."""

    index: int
    direction: str
    order: str
    connection_token: str


class TranscriptPages:
    def __init__(self, chat: Chat):
        self._chat = chat
        self._walks: dict[str, Walk] = {}
        # Whether the item of a start position is on the page is not documented.
        self.position_is_inclusive = True

    def page(self, members: dict) -> dict:
        items = self._chat.transcript()
        walk = self._walk(members, items)
        size = members.get("MaxResults", 10)
        if walk.direction == "FORWARD":
            found = items[walk.index : walk.index + size]
            walk.index += len(found)
            is_at_end = walk.index >= len(items)
        else:
            start = max(0, walk.index - size)
            found = items[start : walk.index][::-1]
            walk.index = start
            is_at_end = walk.index == 0
        answer = {"InitialContactId": self._chat.contact_id, "Transcript": self._ordered(found, walk)}
        # An empty token ends the walk as well as none does: a real answer had one.
        return answer | {"NextToken": "" if is_at_end else self._remember(walk)}

    def _walk(self, members: dict, items: list[dict]) -> Walk:
        if token := members.get("NextToken"):
            walk = self._walks.get(token)
            if walk is None or walk.connection_token != members["ConnectionToken"]:
                raise ValueError("NextToken is not valid on this connection")
            return Walk(**vars(walk))
        position = {name: value for name, value in members.get("StartPosition", {}).items() if value is not None}
        direction = members.get("ScanDirection", "FORWARD" if position else "BACKWARD")
        if direction == "FORWARD" and not position:
            raise ValueError("FORWARD needs a StartPosition")
        index = self._index(position, items, direction) if position else len(items)
        return Walk(index, direction, members.get("SortOrder", "DESCENDING"), members["ConnectionToken"])

    def _index(self, position: dict, items: list[dict], direction: str) -> int:
        if "MostRecent" in position:
            return max(0, len(items) - position["MostRecent"])
        if "Id" in position:
            found = next((index for index, item in enumerate(items) if item["Id"] == position["Id"]), None)
        else:
            found = next((index for index, item in enumerate(items) if item["AbsoluteTime"] >= position["AbsoluteTime"]), None)
        if found is None:
            return len(items) if direction == "FORWARD" else 0
        if direction == "FORWARD":
            return found if self.position_is_inclusive else found + 1
        return found + 1 if self.position_is_inclusive else found

    def _ordered(self, found: list[dict], walk: Walk) -> list[dict]:
        return sorted(found, key=lambda item: item["AbsoluteTime"], reverse=walk.order == "DESCENDING")

    def _remember(self, walk: Walk) -> str:
        token = secrets.token_urlsafe(16)
        self._walks[token] = walk
        return token
