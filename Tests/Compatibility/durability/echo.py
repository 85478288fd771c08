"""A bot whose every reply can be told from every other, and a customer who knows what must have been said."""

from pathlib import Path

from support.host import Chat

BOT = """
bot: echo
behaviours:
  - when: joined
    do:
      - say: "Hello."

  - when: message
    matches: '^echo (?<text>.+)$'
    do:
      - say: "You said {{text}}."

  - when: message
    says: think
    do:
      - say: "Let me think."
      - wait: 1s
      - say: "I have thought."

  - when: message
    matches: '^receipt (?<number>.+)$'
    do:
      - receipt: { name: "receipt-{{number}}.txt", title: "Order {{number}}", lines: "{{lines}}", currency: EUR, format: txt }
        as: file
      - attach: "{{file}}"
      - say: "Receipt {{number}} is sent."

variables:
  lines:
    - { description: "Espresso cup", quantity: 4, price: 7.50 }
"""


def write_bot(folder: Path) -> Path:
    path = folder / "echo.yaml"
    path.write_text(BOT)
    return path


def greeted(chat: Chat, seconds: float = 20) -> Chat:
    assert chat.reply(seconds) == "Hello."
    return chat


def said_by_bot(chat: Chat) -> list[str]:
    """Its messages and the names of its files, as the service has them."""
    said = []
    for item in chat.contact.customer.transcript():
        if item.get("ParticipantRole") == "CUSTOM_BOT":
            said += [item["Content"]] if item["Type"] == "MESSAGE" else []
            said += [file["AttachmentName"] for file in item.get("Attachments", []) if file["Status"] == "APPROVED"]
    return said
