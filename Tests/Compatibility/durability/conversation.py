"""What a customer says to the bot of parcels.yaml, and what the bot must have said and sent at the end."""

import random
from dataclasses import dataclass, field

PARCEL = "parcel.pdf"


@dataclass(frozen=True)
class Said:
    """A message. Sums that it announces are left out: see `verdict.py`."""

    text: str


@dataclass(frozen=True)
class Sent:
    """A file that the service approved."""

    name: str


Reply = Said | Sent


@dataclass
class Line:
    text: str
    # How many replies the customer has heard before saying it.
    after: int


@dataclass
class Conversation:
    lines: list[Line] = field(default_factory=list)
    # In their order. Of a conversation that is broken off, the bot may have come less far.
    replies: list[Reply] = field(default_factory=list)
    # Whether the customer ends the contact after the last line.
    is_broken_off: bool = False

    def break_off(self, lines: int) -> None:
        """Ends it after so many lines."""
        self.is_broken_off = True
        self.lines = self.lines[:lines]

    def heard(self, line: Line) -> tuple[Reply, int]:
        """The reply that a line waits for, and the how manieth of its kind that is."""
        reply = self.replies[line.after - 1]
        return reply, self.replies[: line.after].count(reply)


def random_conversation(dice: random.Random, is_first_file_rejected: bool = False, patience: float = 0.7) -> Conversation:
    """Every kind of step, in any order. With so much patience, the customer waits for the replies to a line before saying the next."""
    numbers = dice.sample(range(1000, 10_000), 4)
    errands = [_echo(number) for number in numbers[1:]]
    errands += [_receipt(numbers[0]), _parcel(), _thanks(), _thanks(), _thought(), _mimicry(dice)]
    dice.shuffle(errands)
    if is_first_file_rejected:
        _reject_first_file(errands)

    chat = Conversation(replies=[Said("Hello.")])
    for text, replies in errands:
        is_patient = not chat.lines or dice.random() < patience
        chat.lines.append(Line(text, after=len(chat.replies) if is_patient else chat.lines[-1].after))
        chat.replies += replies

    last_echo = next(text.removeprefix("echo ") for text, _ in reversed(errands) if text.startswith("echo"))
    chat.lines.append(Line("bye", after=len(chat.replies)))
    chat.replies.append(Said(f"Was {last_echo} all?"))
    chat.lines.append(Line("yes", after=len(chat.replies)))
    chat.replies.append(Said("You said yes. Goodbye."))
    return chat


def _reject_first_file(errands: list["Errand"]) -> None:
    """The file does not come, and the bot says so instead of that it is sent."""
    for _, replies in errands:
        for index, reply in enumerate(replies):
            if isinstance(reply, Sent):
                what = replies[index + 1].text.removesuffix(" is sent.")
                replies[index:] = [Said(f"{what} failed.")]
                return


Errand = tuple[str, list[Reply]]


def _thanks() -> Errand:
    return "thank you", [Said("You are welcome.")]


def _thought() -> Errand:
    return "think", [Said("Let me think."), Said("I have thought.")]


def _mimicry(dice: random.Random) -> Errand:
    """The customer says what the bot says, which is nobody else's reply, and gets none."""
    return dice.choice(["Hello.", "You are welcome.", "I have thought.", "The parcel is sent."]), []


def _parcel() -> Errand:
    return "parcel", [Sent(PARCEL), Said("The parcel is sent.")]


def _echo(number: int) -> Errand:
    return f"echo {number}", [Said(f"First {number}."), Said(f"Then {number}.")]


def _receipt(number: int) -> Errand:
    return f"receipt {number}", [Said(f"Receipt {number} has the sum ."), Sent(f"receipt-{number}.txt"), Said(f"Receipt {number} is sent.")]
