"""A bot that `attache join` has sent into the strict service's chat."""

import asyncio
import hashlib
import re

from strict_service import StrictService
from support.process import AttacheProcess


class Visit:
    """A bot in the strict service's chat."""

    def __init__(self, service: StrictService, process: AttacheProcess):
        self.service = service
        self.process = process
        self._end = asyncio.create_task(asyncio.to_thread(process.wait, 60))

    async def until(self, condition, what: str, seconds: float = 20) -> None:
        """Waits for something to be seen by the service; fails at once if the bot ends before."""
        seen = asyncio.create_task(self.service.wait_until(condition, seconds))
        await asyncio.wait({seen, self._end}, return_when=asyncio.FIRST_COMPLETED)
        if condition():
            seen.cancel()
            return
        if self._end.done():
            seen.cancel()
            raise AssertionError(f"waited for {what}, but the bot ended with {self._end.result()}\n{self.story()}")
        try:
            await seen
        except TimeoutError:
            raise AssertionError(f"waited in vain for {what}\n{self.story()}") from None

    def story(self) -> str:
        log = self.process.log.splitlines()
        return "\n".join([self.service.story(), "log:", *log[-40:]])

    async def until_said(self, text: str, times: int = 1) -> None:
        await self.until(lambda: self.service.chat.bot_texts().count(text) >= times, f"the bot to say {text!r}")

    async def until_sent(self, name: str, status: str = "APPROVED") -> None:
        def sent() -> bool:
            return any(file["AttachmentName"] == name and file["Status"] == status for file in self.service.chat.bot_files())

        await self.until(sent, f"the bot to send {name}")

    async def greeted(self) -> "Visit":
        await self.until_said("Hello.")
        return self

    async def fetch(self, *numbers: str) -> None:
        """Asks for receipts and waits until each has been sent."""
        for number in numbers:
            self.service.customer_says(f"receipt {number}")
        for number in numbers:
            await self.until_said(f"{number} is sent")

    async def ended(self) -> int:
        """The exit code, once the process has ended."""
        return await self._end

    async def end_of_chat(self) -> None:
        """Ends the chat, after which the bot must go in peace and everything must have been in order."""
        self.service.chat.end()
        code = await self.ended()
        assert code == 0, f"exit code {code}\n{self.story()}"
        self.assert_in_order()

    def assert_in_order(self) -> None:
        service = self.service
        assert service.violations == [], service.story()
        assert service.faults.unused == {}, service.story()
        texts = [text for text in service.chat.bot_texts() if not text.startswith("(again) ")]
        assert sorted(texts) == sorted(set(texts)), f"said twice\n{service.story()}"
        names = [file["AttachmentName"] for file in service.chat.bot_files()]
        assert sorted(names) == sorted(set(names)), f"sent twice\n{service.story()}"
        for upload in service.uploads:
            if upload.status == "APPROVED":
                assert hashlib.sha256(upload.data).hexdigest() == self.announced_sum(upload.name), service.story()

    def announced_sum(self, name: str) -> str:
        subject = {"chat.csv": "transcript"}.get(name) or re.fullmatch(r"receipt-(\S+)\.txt", name)[1]
        prefix = f"{subject} has the sum "
        [text] = [text for text in self.service.chat.bot_texts() if text.startswith(prefix)]
        return text.removeprefix(prefix)
