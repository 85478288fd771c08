"""`--data DIR`: what the service answered for is there after a restart, also after SIGKILL."""

import random
import threading

import pytest

from support.live import subscribed
from support.process import AttacheProcess
from support.service import Contact, LocalService, Participant, put


@pytest.fixture
def start(start_service, tmp_path):
    return lambda: start_service("--quotas", "off", "--data", str(tmp_path / "data"))


def moved(person: Participant, service: LocalService) -> Participant:
    """The same person with the same tokens, at the restarted service."""
    return Participant(service, person.contact_id, person.id, person.token, person.connection)


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_everything_is_there_after_a_restart(start, end):
    before = start()
    contact = before.start_contact("Ada", Attributes={"order": "1001"})
    bot = contact.add_bot("Bot").connect(ConnectParticipant=True)
    customer = contact.customer
    data = random.Random(1).randbytes(100_000)
    with customer.live() as live:
        sent = customer.say("Grüße 🎈", ClientToken="one")
        bot.receipt("read", sent["Id"])
        attachment = bot.upload(data, "счёт.pdf", "application/pdf")
        live.item(Type="ATTACHMENT", ParticipantId=bot.id)
        rejected = customer.upload(b"X5O!", "eicar.txt")
        while live.item(Type="ATTACHMENT")["Attachments"][0]["AttachmentId"] != rejected:
            pass
        started = customer.start_upload("later.txt", 5, ClientToken="two")
    # The socket's end is an event of its own; read the transcript when it has been noted.
    transcript = customer.transcript()
    getattr(before.process, end)()

    after = start()
    customer, bot = moved(customer, after), moved(bot, after)
    assert customer.transcript()[: len(transcript)] == transcript
    assert customer.download(attachment) == data
    assert customer.say("Grüße 🎈", ClientToken="one")["Id"] == sent["Id"]
    assert customer.start_upload("later.txt", 5, ClientToken="two")["AttachmentId"] == started["AttachmentId"]
    with customer.connect().live() as live:
        bot.say("Back again")
        live.message("Back again")
    assert len({item["Id"] for item in customer.transcript()}) == len(customer.transcript())


def test_an_upload_goes_on_after_a_restart(start):
    before = start()
    customer = before.start_contact().customer.connect()
    stored = customer.start_upload("stored.txt", 5)
    assert put(stored["UploadMetadata"], b"hello").status == 200
    begun = customer.start_upload("begun.txt", 5)
    before.process.kill()

    customer = moved(customer, start())
    customer.finish_upload(stored["AttachmentId"])
    assert customer.download(stored["AttachmentId"]) == b"hello"
    # The URL names the old port; the signature does not.
    old, new = before.url.split("//")[1], customer.service.url.split("//")[1]
    metadata = begun["UploadMetadata"] | {"Url": begun["UploadMetadata"]["Url"].replace(old, new)}
    assert put(metadata, b"hello").status == 200
    customer.finish_upload(begun["AttachmentId"])


def test_an_ended_contact_stays_ended(start):
    before = start()
    contact = before.start_contact()
    contact.customer.connect()
    contact.stop()
    before.process.kill()
    assert moved(contact.customer, start()).refused("get_transcript").status == 403


def test_a_file_that_was_being_scanned_is_decided_after_the_restart(start):
    before = start()
    customer = before.start_contact().customer.connect()
    started = customer.start_upload(size=5)
    put(started["UploadMetadata"], b"hello")
    customer.complete_upload(started["AttachmentId"])
    before.process.kill()
    customer = moved(customer, start())
    assert customer.verdict(started["AttachmentId"]) == "APPROVED"
    assert customer.download(started["AttachmentId"]) == b"hello"


def test_nothing_that_was_acknowledged_is_lost_by_a_kill(start):
    before = start()
    contacts = [before.start_contact() for _ in range(4)]
    acknowledged: dict[str, list[str]] = {contact.id: [] for contact in contacts}

    def talk(contact: Contact) -> None:
        customer = contact.customer.connect()
        try:
            for number in range(10_000):
                acknowledged[contact.id].append(customer.say(str(number))["Id"])
        except Exception:
            return

    threads = [threading.Thread(target=talk, args=(contact,)) for contact in contacts]
    for thread in threads:
        thread.start()
    with contacts[0].customer.connect().live() as live:
        live.message("40")
    before.process.kill()
    for thread in threads:
        thread.join()

    after = start()
    for contact in contacts:
        kept = [item["Id"] for item in moved(contact.customer, after).connect().transcript() if item["Type"] == "MESSAGE"]
        known = acknowledged[contact.id]
        # One more may have been stored, with its answer lost on the way.
        assert kept[: len(known)] == known and len(kept) - len(known) <= 1


def test_an_item_that_was_pushed_is_stored(start):
    """Nobody may see what a crash can take back."""
    before = start()
    customer = before.start_contact().customer.connect()
    pushed: list[str] = []

    def watch() -> None:
        try:
            with subscribed(customer.socket_url) as live:
                while True:
                    pushed.append(live.item(Type="MESSAGE")["Id"])
        except Exception:
            return

    watcher = threading.Thread(target=watch)
    watcher.start()
    for number in range(60):
        customer.say(str(number))
    before.process.kill()
    watcher.join()
    assert set(pushed) <= {item["Id"] for item in moved(customer, start()).transcript()}


def test_two_services_on_one_folder_are_refused(start, attache_binary, tmp_path):
    service = start()
    second = AttacheProcess(attache_binary, ["local", "--port", "0", "--data", str(tmp_path / "data")], tmp_path / "second.log")
    try:
        assert second.wait() != 0
        assert str(tmp_path / "data") in second.log
    finally:
        second.kill()
    service.assert_healthy()


def test_without_data_nothing_is_kept(start_service):
    first = start_service("--quotas", "off")
    customer = first.start_contact().customer.connect()
    first.process.stop()
    second = start_service("--quotas", "off")
    assert moved(customer, second).refused("get_transcript").status == 403
