"""A bot in a chat where nothing goes wrong."""

from pathlib import Path

import pytest

from strict_service import StrictService

BOTS = Path(__file__).parents[3] / "bots"


async def test_a_receipt_is_asked_for_and_sent(service, join):
    visit = await join().greeted()
    await visit.fetch("1001")
    await visit.until_sent("receipt-1001.txt")
    assert "Order 1001" in service.uploads[0].data.decode()
    await visit.end_of_chat()


async def test_its_own_id_may_be_known(service, join):
    visit = await join("--participant-id", service.chat.bot.id).greeted()
    await visit.fetch("1001")
    await visit.end_of_chat()


async def test_the_store_may_be_named(service, join, tmp_path):
    visit = await join("--store", str(tmp_path / "store")).greeted()
    await visit.fetch("1001")
    await visit.end_of_chat()
    assert (tmp_path / "store").is_dir()


async def test_receipts_are_sent_in_the_order_they_were_asked_for(service, join):
    visit = await join().greeted()
    numbers = [str(number) for number in range(1, 5)]
    await visit.fetch(*numbers)
    assert [file["AttachmentName"] for file in service.chat.bot_files()] == [f"receipt-{number}.txt" for number in numbers]
    await visit.end_of_chat()


@pytest.mark.parametrize("name", ["发票", "فاتورة-٣", "счёт", "🧾", "Grüße", "quote'and;semicolon", "100%"])
async def test_a_files_name_may_be_in_any_script(service, join, name):
    visit = await join().greeted()
    await visit.fetch(name)
    await visit.until_sent(f"receipt-{name}.txt")
    await visit.end_of_chat()


async def test_the_transcript_has_all_pages(service, join):
    visit = await join().greeted()
    for number in range(230):
        service.chat.message(service.chat.system, f"notice {number}")
    service.customer_says("transcript")
    await visit.until_sent("chat.csv")
    text = service.uploads[0].data.decode()
    assert all(f"notice {number}" in text for number in range(230))
    assert text.index("Hello.") < text.index("notice 0") < text.index("notice 229")
    await visit.end_of_chat()


async def test_text_comes_back_as_it_was(service, join):
    visit = await join().greeted()
    text = 'Ünïcode 🎈 עברית "quoted" \\ back {{braces}} <b> & more'
    service.customer_says(f"echo {text}")
    await visit.until_said(text)
    await visit.end_of_chat()


@pytest.mark.parametrize(("text", "answer"), [("half of a \ud83c", "half of a \ufffd"), ("\udf89", "\ufffd"), ("a\0z", "a\0z")])
@pytest.mark.parametrize("is_early", [False, True])
async def test_half_a_surrogate_comes_back_as_u_fffd(service, join, text, answer, is_early):
    if is_early:  # it is read from the transcript, not from a frame
        service.customer_says(f"echo {text}")
        await join().until_said(answer)
        return
    visit = await join().greeted()
    service.customer_says(f"echo {text}")
    await visit.until_said(answer)
    await visit.end_of_chat()


async def test_messages_that_came_before_the_bot_are_answered_once(service, join):
    service.customer_says("receipt 7")
    visit = join()
    await visit.until_said("7 is sent")
    await visit.end_of_chat()


async def test_a_bot_that_leaves_is_done(service, join):
    visit = await join().greeted()
    service.customer_says("bye")
    assert await visit.ended() == 0
    assert service.chat.bot.has_left
    assert service.chat.bot_texts() == ["Hello.", "Goodbye."]
    visit.assert_in_order()


async def test_a_bot_may_be_the_customer_and_never_answers_itself(join):
    """Its echoes carry the role CUSTOMER, as those of no other participant do, and arrive before the calls have answered."""
    async with StrictService(bot_role="CUSTOMER") as service:
        visit = await join("--role", "CUSTOMER", into=service).greeted()
        service.customer_says("echo echo again")
        await visit.until_said("echo again")
        service.customer_says("receipt 1")
        await visit.until_said("1 is sent")
        await visit.end_of_chat()
        assert "again" not in service.chat.bot_texts()


async def test_the_demonstration_bot_sends_a_receipt_and_the_transcript(service, join):
    visit = join(bot=BOTS / "receipts.yaml")
    await visit.until(lambda: any("Welcome" in text for text in service.chat.bot_texts()), "the welcome")
    service.customer_says("receipt 1001")
    await visit.until_sent("receipt-1001.txt")
    await visit.until_said("Anything else?")
    service.customer_says("transcript")
    await visit.until(lambda: len(service.chat.bot_files()) == 2, "the transcript")
    receipt, transcript = (upload.data.decode() for upload in service.uploads)
    assert "Espresso cup" in receipt and "74.75" in receipt
    assert "Welcome" in transcript and "receipt 1001" in transcript
    service.chat.end()
    assert await visit.ended() == 0
    assert service.violations == []


async def test_a_chat_that_has_ended_already_is_a_refused_connection(service, join):
    service.chat.end()
    visit = join()
    assert await visit.ended() == 3
    assert service.violations == []


async def test_an_unknown_token_is_a_refused_connection(service, join):
    visit = join(token="not-the-token")
    assert await visit.ended() == 3
    assert "not-the-token" not in visit.process.log


async def test_nothing_secret_is_logged(service, join):
    visit = await join("--log-level", "trace").greeted()
    await visit.fetch("1")
    await visit.end_of_chat()
    bot = service.chat.bot
    secrets = [bot.participant_token, *bot.connection_tokens, *service.operations.socket_keys, service.uploads[0].key]
    assert [secret for secret in secrets if secret in visit.process.log] == []
