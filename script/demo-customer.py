"""The demo's customer: an ordinary boto3 program, as a web shop's backend would write one.

It starts a chat, asks the bot for a receipt and for the transcript, and downloads both through GetAttachment.

usage: demo-customer.py ENDPOINT FLOW OUTPUT_FOLDER
"""

import asyncio
import json
import pathlib
import sys
import urllib.request

import boto3
import websockets
from botocore.config import Config

DEMO_CREDENTIALS = dict(
    region_name="eu-west-2", aws_access_key_id="demo", aws_secret_access_key="demo", config=Config(connect_timeout=5, read_timeout=10)
)
PATIENCE = 20  # seconds until something is taken to be broken


class Customer:
    def __init__(self, endpoint, flow, output):
        self.control = boto3.client("connect", endpoint_url=endpoint, **DEMO_CREDENTIALS)
        self.participant = boto3.client("connectparticipant", endpoint_url=endpoint, **DEMO_CREDENTIALS)
        self.flow = flow
        self.output = output

    async def chat(self):
        contact = self.control.start_chat_contact(
            InstanceId="demo", ContactFlowId=self.flow, ParticipantDetails={"DisplayName": "Ada"}
        )
        connection = self.participant.create_participant_connection(
            Type=["WEBSOCKET", "CONNECTION_CREDENTIALS"], ParticipantToken=contact["ParticipantToken"]
        )
        self.token = connection["ConnectionCredentials"]["ConnectionToken"]
        async with websockets.connect(connection["Websocket"]["Url"]) as self.socket:
            await self.socket.send(json.dumps({"topic": "aws/subscribe", "content": {"topics": ["aws/chat"]}}))
            while json.loads(await self.socket.recv()).get("topic") != "aws/subscribe":
                pass
            self.catch_up()
            await self.hear(said="Welcome")
            self.say("receipt 1001")
            self.save(await self.hear(file="receipt-1001.txt"))
            await self.hear(said="Anything else?")
            self.say("yes")
            await self.hear(said="Type:")
            self.say("transcript")
            self.save(await self.hear(file=".txt"))
            self.say("bye")
            await self.hear(event="participant.left")
        self.participant.disconnect_participant(ConnectionToken=self.token)

    def say(self, text):
        self.participant.send_message(ContentType="text/plain", Content=text, ConnectionToken=self.token)

    async def hear(self, said=None, file=None, event=None):
        """Shows what comes until it is what was waited for."""
        async with asyncio.timeout(PATIENCE):
            async for item in self.items():
                show(item)
                if item["ParticipantRole"] == "CUSTOMER":
                    continue
                if said and said in item.get("Content", ""):
                    return item
                if file and item["Type"] == "ATTACHMENT" and item["Attachments"][0]["AttachmentName"].endswith(file):
                    return item
                if event and item["ContentType"].endswith(event):
                    return item
        raise RuntimeError("the chat ended early")

    def catch_up(self):
        """What was said before the socket stood comes from the transcript; what comes both ways is taken once."""
        page = self.participant.get_transcript(ConnectionToken=self.token, SortOrder="ASCENDING", ScanDirection="BACKWARD")
        self.missed = page["Transcript"]
        self.seen = {item["Id"] for item in self.missed}

    async def items(self):
        while self.missed:
            yield self.missed.pop(0)
        async for frame in self.socket:
            frame = json.loads(frame)
            if frame.get("topic") != "aws/chat":
                continue
            item = json.loads(frame["content"])
            if item["Id"] not in self.seen:
                self.seen.add(item["Id"])
                yield item

    def save(self, item):
        attachment = item["Attachments"][0]
        answer = self.participant.get_attachment(AttachmentId=attachment["AttachmentId"], ConnectionToken=self.token)
        with urllib.request.urlopen(answer["Url"], timeout=PATIENCE) as response:
            (self.output / attachment["AttachmentName"]).write_bytes(response.read())


def show(item):
    if item["Type"] == "MESSAGE":
        text = item["Content"]
    elif item["Type"] == "ATTACHMENT":
        text = ", ".join(f"[{a['AttachmentName']}, {a['ContentType']}, {a['Status']}]" for a in item["Attachments"])
    else:
        text = "(" + item["ContentType"].rsplit("event.", 1)[-1] + ")"
    print(f"  {item['AbsoluteTime'][11:19]}  {item.get('DisplayName', ''):>10}  {text}", flush=True)


if __name__ == "__main__":
    endpoint, flow, output = sys.argv[1:]
    asyncio.run(Customer(endpoint, flow, pathlib.Path(output)).chat())
