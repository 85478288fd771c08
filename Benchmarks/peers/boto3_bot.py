"""The bot of Tests/Compatibility/durability/parcels.yaml as a boto3 script, written in the obvious way.

It keeps nothing: what it must know after a restart, it reads from the chat's transcript. There it sees whether it has greeted, which
messages of the customer came after its own last word, and whether that was a question.

usage: boto3_bot.py ENDPOINT CHATS_FOLDER FILES_FOLDER

CHATS_FOLDER has a JSON file with a participantToken for every chat; the script deletes it when the chat is over.
"""

import hashlib
import json
import logging
import sys
import threading
import time
from pathlib import Path

import boto3
import requests
from botocore.config import Config
from botocore.exceptions import ClientError
from websockets.sync.client import connect

SUBSCRIBE = json.dumps({"topic": "aws/subscribe", "content": {"topics": ["aws/chat"]}})
TYPING = "application/vnd.amazonaws.connect.event.typing"
CHAT_ENDED = "application/vnd.amazonaws.connect.event.chat.ended"
DEMO_CREDENTIALS = {"region_name": "us-east-1", "aws_access_key_id": "x", "aws_secret_access_key": "x"}
SETTINGS = Config(retries={"mode": "standard", "total_max_attempts": 5}, max_pool_connections=50)


class Bot:
    """One chat. `serve` returns when it is over."""

    def __init__(self, api, participant_token: str, files: Path):
        self.api = api
        self.participant_token = participant_token
        self.files = files
        self.seen: set[str] = set()
        self.last_echo = "nothing"
        self.is_asking = False
        self.is_over = False

    def serve(self) -> None:
        while not self.is_over:
            try:
                self.connect()
            except ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] == 403:
                    return
                logging.exception("trying again")
                time.sleep(0.2)
            except Exception:
                logging.exception("trying again")
                time.sleep(0.2)

    def connect(self) -> None:
        connection = self.api.create_participant_connection(
            ParticipantToken=self.participant_token, Type=["WEBSOCKET", "CONNECTION_CREDENTIALS"]
        )
        self.token = connection["ConnectionCredentials"]["ConnectionToken"]
        with connect(connection["Websocket"]["Url"], proxy=None) as socket:
            socket.send(SUBSCRIBE)
            while json.loads(socket.recv()).get("topic") != "aws/subscribe":
                pass
            self.catch_up()
            for frame in socket:
                if self.is_over:
                    return
                frame = json.loads(frame)
                if frame.get("topic") == "aws/chat":
                    self.take(json.loads(frame["content"]))

    def catch_up(self) -> None:
        """Answers what the customer has said since the bot's own last word."""
        items = self.transcript()
        own = [index for index, item in enumerate(items) if item.get("ParticipantRole") == "CUSTOM_BOT" and item["Type"] != "EVENT"]
        if not own:
            self.say("Hello.")
        for item in items[: own[-1] if own else 0]:
            self.seen.add(item["Id"])
            if item["Type"] == "MESSAGE" and item["ParticipantRole"] == "CUSTOMER" and item["Content"].startswith("echo "):
                self.last_echo = item["Content"].removeprefix("echo ")
        if own:
            self.is_asking = items[own[-1]].get("Content", "").startswith("Was ")
        for item in items[own[-1] + 1 if own else 0 :]:
            self.take(item)

    def take(self, item: dict) -> None:
        if item["Id"] in self.seen:
            return
        self.seen.add(item["Id"])
        if item.get("ContentType") == CHAT_ENDED:
            self.is_over = True
        elif item["Type"] == "MESSAGE" and item["ParticipantRole"] == "CUSTOMER" and not self.is_over:
            self.answer(item["Content"])

    def answer(self, text: str) -> None:
        word, _, rest = text.partition(" ")
        if self.is_asking:
            self.is_asking = False
            self.say(f"You said {text}. Goodbye.")
            self.leave()
        elif word == "echo":
            self.say(f"First {rest}.")
            self.last_echo = rest
            self.say(f"Then {rest}.")
        elif word == "receipt":
            self.send_receipt(rest)
        elif text == "parcel":
            is_sent = self.send_file("parcel.pdf", "application/pdf", (self.files / "parcel.pdf").read_bytes())
            self.say("The parcel is sent." if is_sent else "The parcel failed.")
        elif text == "thank you":
            self.say("You are welcome.")
        elif text == "think":
            self.say("Let me think.")
            time.sleep(0.3)
            self.say("I have thought.")
        elif text == "bye":
            self.say(f"Was {self.last_echo} all?")
            self.is_asking = True

    def send_receipt(self, number: str) -> None:
        self.api.send_event(ConnectionToken=self.token, ContentType=TYPING)
        receipt = f"Order {number}\nDate: {time.strftime('%Y-%m-%d %H:%M')}\n\nEspresso cup, white   4   7.50   30.00 EUR\n".encode()
        self.say(f"Receipt {number} has the sum {hashlib.sha256(receipt).hexdigest()}.")
        is_sent = self.send_file(f"receipt-{number}.txt", "text/plain", receipt)
        self.say(f"Receipt {number} is sent." if is_sent else f"Receipt {number} failed.")

    def say(self, text: str) -> None:
        self.api.send_message(ConnectionToken=self.token, ContentType="text/plain", Content=text)

    def leave(self) -> None:
        self.api.disconnect_participant(ConnectionToken=self.token)
        self.is_over = True

    def send_file(self, name: str, content_type: str, data: bytes) -> bool:
        """Returns whether it was approved, once that is known."""
        started = self.api.start_attachment_upload(
            ConnectionToken=self.token, ContentType=content_type, AttachmentSizeInBytes=len(data), AttachmentName=name
        )
        upload = started["UploadMetadata"]
        requests.put(upload["Url"], data=data, headers=upload["HeadersToInclude"], timeout=30).raise_for_status()
        attachment = started["AttachmentId"]
        self.api.complete_attachment_upload(ConnectionToken=self.token, AttachmentIds=[attachment])
        while (status := self.status(attachment)) not in ("APPROVED", "REJECTED"):
            time.sleep(0.1)
        return status == "APPROVED"

    def status(self, attachment: str) -> str | None:
        files = [file for item in self.transcript() for file in item.get("Attachments", [])]
        return next((file["Status"] for file in files if file["AttachmentId"] == attachment), None)

    def transcript(self) -> list[dict]:
        """Oldest first; these chats fit on a page."""
        page = self.api.get_transcript(ConnectionToken=self.token, MaxResults=100, SortOrder="ASCENDING", ScanDirection="BACKWARD")
        return page["Transcript"]


def serve(api, chat: Path, files: Path) -> None:
    Bot(api, json.loads(chat.read_text())["participantToken"], files).serve()
    chat.unlink()


def main() -> None:
    endpoint, chats, files = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    api = boto3.client("connectparticipant", endpoint_url=endpoint, config=SETTINGS, **DEMO_CREDENTIALS)
    started: set[Path] = set()
    while True:
        for chat in set(chats.glob("*.json")) - started:
            started.add(chat)
            threading.Thread(target=serve, args=(api, chat, files), daemon=True).start()
        time.sleep(0.05)


if __name__ == "__main__":
    main()
