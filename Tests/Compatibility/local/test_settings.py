"""The options of `attache local` that follow another reading of the documents."""

import json
import subprocess

import pytest

from support import aws
from support.process import clean_environment
from support.service import INSTANCE, put

RECEIPT = "MESSAGEMETADATA"


def test_receipts_may_be_items_of_the_transcript(start_service):
    """As ChatJS reads them."""
    contact = start_service("--quotas", "off", "--receipts", "item").start_contact()
    bot, customer = contact.add_bot().connect(), contact.customer.connect()
    sent = customer.say("Hello")
    bot.receipt("read", sent["Id"])
    message, receipt = customer.transcript()
    assert "MessageMetadata" not in message
    assert receipt["Type"] == RECEIPT and receipt["MessageMetadata"]["MessageId"] == sent["Id"]


def test_a_message_may_have_16384_characters(start_service):
    """As a newer page has it, for all types."""
    customer = start_service("--quotas", "off", "--message-length", "16384").start_contact().customer.connect()
    assert customer.say("x" * 16_384)["Id"]
    assert customer.refused("send_message", ContentType="text/plain", Content="x" * 16_385).status == 400


def test_a_custom_bot_may_be_refused_a_websocket(start_service):
    contact = start_service("--quotas", "off", "--refuse-bot-websocket").start_contact()
    bot = contact.add_bot()
    refused = aws.refusal(bot.connect, "WEBSOCKET", "CONNECTION_CREDENTIALS")
    assert refused.status in (400, 403)
    assert bot.connect("CONNECTION_CREDENTIALS", ConnectParticipant=True).say("Hello")["Id"]
    with contact.customer.live():
        pass


def test_quotas_come_from_a_file(start_service, tmp_path):
    file = tmp_path / "quotas.json"
    file.write_text(json.dumps({"SendMessage": {"rate": 0.01, "burst": 2}}))
    customer = start_service("--quotas", str(file)).start_contact().customer.connect()
    text = {"ContentType": "text/plain", "Content": "Hello"}
    assert [customer.service.call("SendMessage", customer.connection_token, text).status for _ in range(3)] == [200, 200, 429]
    assert customer.transcript()


@pytest.mark.parametrize("quotas", ["", "[]", "{", '{"Dance": {"rate": 1, "burst": 1}}', '{"SendMessage": {"rate": -1, "burst": 1}}'])
def test_a_wrong_file_of_quotas_is_a_usage_error(attache_binary, tmp_path, quotas):
    file = tmp_path / "quotas.json"
    file.write_text(quotas)
    command = [str(attache_binary), "local", "--port", "0", "--quotas", str(file)]
    done = subprocess.run(command, env=clean_environment(), capture_output=True, text=True, timeout=20)
    assert done.returncode == 2, done.stderr
    assert "quotas" in done.stderr


def test_content_types_may_be_read_strictly(start_service):
    """Then a file has the content type of its extension."""
    customer = start_service("--quotas", "off", "--strict-types").start_contact().customer.connect()
    assert customer.start_upload("a.pdf", 1, "application/pdf")["AttachmentId"]
    assert customer.start_upload("a.txt", 1, "Text/Plain; charset=utf-8")["AttachmentId"]
    for name, content_type in [("a.pdf", "text/plain"), ("a.csv", "application/octet-stream"), ("a.jpg", "image/jpg")]:
        refused = customer.refused(
            "start_attachment_upload", AttachmentName=name, AttachmentSizeInBytes=1, ContentType=content_type, ClientToken="1"
        )
        assert (refused.status, refused.type) == (400, "ValidationException")


def test_no_option_of_the_local_service_is_taken_without_it(attache_binary):
    for option in (["--allow-host", "chat.test"], ["--allow-origin", "*"], ["--strict-types"]):
        for command in (["run", "bots/echo.yaml", "--endpoint", "http://127.0.0.1:1"], ["repl", "--endpoint", "http://127.0.0.1:1"]):
            command = [str(attache_binary), *command, *option]
            done = subprocess.run(command, env=clean_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20)
            assert done.returncode == 2, done.stderr
            assert "--local" in done.stderr


def test_the_scanner_takes_its_time_and_rejects_what_it_is_told_to(start_service):
    service = start_service("--quotas", "off", "--scan-delay", "0.5", "--scan-reject", "virus")
    customer = service.start_contact().customer.connect()
    with customer.live() as live:
        started = customer.start_upload("VIRUS-1.txt", 5)
        put(started["UploadMetadata"], b"hello")
        customer.complete_upload(started["AttachmentId"])
        assert 400 <= customer.refused("get_attachment", AttachmentId=started["AttachmentId"]).status < 500
        customer.say("meanwhile")
        live.message("meanwhile")
        assert live.item(Type="ATTACHMENT")["Attachments"][0]["Status"] == "REJECTED"


# What the newest models have and the reference does not.


def test_newer_members_of_requests_do_no_harm(service):
    contact = service.start_contact(ConnectionTypes=["WEBSOCKET"], DisconnectOnCustomerExit=["AGENT"], CustomerId="c-1")
    customer = contact.customer.connect()
    attachment = customer.upload()
    assert customer.call("get_attachment", AttachmentId=attachment, UrlContentDisposition="INLINE")["Url"]
    service.control_api.stop_contact(InstanceId=INSTANCE, ContactId=contact.id, DisconnectReason={"Code": "DONE"})
    assert customer.refused("get_transcript").status == 403


# Persistent chat


def test_a_persistent_chat_shows_what_was_said_before(service):
    first = service.start_contact("Ada")
    said = first.customer.connect().say("Before")
    first.stop()
    persistent = {"RehydrationType": "ENTIRE_PAST_SESSION", "SourceContactId": first.id}
    second = service.start_contact("Ada", PersistentChat=persistent)
    customer = second.customer.connect()
    customer.say("After")
    texts = {item["Content"]: item for item in customer.transcript() if item["Type"] == "MESSAGE"}
    assert texts.keys() == {"Before", "After"}
    assert texts["Before"]["Id"] == said["Id"]
    assert texts["Before"]["RelatedContactId"] == first.id
