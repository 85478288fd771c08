"""The table of bad modules: what each does wrong (a mode of bad_module.py), and what a customer may see of it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    mode: str
    # A pattern of what the bot says: "answer: " and the value, or "otherwise: " and the reason.
    reply: str
    # The step's, in seconds: more for modules that are slow and good.
    within: int = 2
    limits: dict[str, str] = field(default_factory=dict)
    # It works the machine: such modules are called one at a time.
    is_loud: bool = False

    def __str__(self) -> str:
        return self.mode


def fails(mode: str, reason: str, **more) -> Case:
    return Case(mode, f"otherwise: .*({reason})", **more)


def works(mode: str, **more) -> Case:
    return Case(mode, "poked", **more)


def may_work(mode: str, reason: str, **more) -> Case:
    return Case(mode, f"poked|otherwise: .*({reason})", **more)


NOT_RUNNING = "is not running"
ENDED = "ended in the middle|is not running"
BROKEN = "does not keep to the protocol"
LATE = "did not answer within|not done within"
OUTSIDE = "does not keep to the protocol|spool"

CASES = [
    # At the start
    fails("crashes-at-start", NOT_RUNNING),
    fails("is-silent-at-start", f"{NOT_RUNNING}|{LATE}"),
    fails("closes-stdout-at-start", f"{NOT_RUNNING}|{LATE}"),
    may_work("begins-with-a-bom", f"{NOT_RUNNING}|{LATE}", within=10),
    fails("speaks-another-version", NOT_RUNNING),
    works("dies-when-probed", within=10),
    works("is-silent-when-probed", within=10),
    works("starts-slowly", within=20),
    # When its tools are listed
    works("lists-a-tool-twice"),
    fails("lists-ten-thousand-tools", NOT_RUNNING),
    works("lists-odd-names"),
    fails("lists-without-end", NOT_RUNNING),
    fails("lists-no-list", NOT_RUNNING),
    fails("lists-a-million-oddities", f"{NOT_RUNNING}|{LATE}", is_loud=True),
    works("changes-its-tools"),
    fails("loses-its-tools", "refused|no action"),
    # When one is called
    fails("hangs", LATE),
    fails("crashes", ENDED),
    fails("is-killed", ENDED),
    fails("answers-late", LATE),
    fails("ignores-sigterm", LATE),
    works("prints-some-rubbish"),
    fails("prints-nothing-but-rubbish", f"{BROKEN}|{ENDED}"),
    fails("floods-stdout", f"{BROKEN}|{ENDED}|{LATE}", is_loud=True),
    fails("floods-stdout-without-a-line", f"{BROKEN}|{ENDED}|{LATE}", is_loud=True),
    fails("floods-stdout-with-blank-lines", f"{BROKEN}|{ENDED}|{LATE}", is_loud=True),
    may_work("floods-stderr", LATE, is_loud=True),
    may_work("floods-stderr-without-a-line", LATE, is_loud=True),
    fails("floods-with-progress", f"{BROKEN}|{ENDED}|{LATE}", is_loud=True),
    fails("floods-with-requests", f"{BROKEN}|{ENDED}|{LATE}|takes no more input", is_loud=True),
    Case("floods-with-questions", "How are you|otherwise:"),
    fails("answers-unknown-ids", f"{BROKEN}|{LATE}"),
    works("answers-twice"),
    Case("answers-with-nonsense", "answer: null|otherwise:"),
    fails("closes-stdin", LATE),
    fails("closes-stdout", f"{ENDED}|{LATE}"),
    fails("forks-a-child-that-holds-the-pipe", f"{ENDED}|{LATE}"),
    fails("forks-a-daemon", f"{ENDED}|{LATE}"),
    fails("forks-a-hundred", f"{ENDED}|{LATE}"),
    fails("eats-memory", f"{ENDED}|{LATE}", limits={"memory": "256MB"}, is_loud=True),
    fails("eats-processor-time", f"{ENDED}|{LATE}", limits={"cpu": "1s"}, is_loud=True),
    fails("eats-open-files", f"{ENDED}|{LATE}", limits={"open_files": "64"}),
    fails("eats-the-disk", f"{ENDED}|{LATE}", limits={"file_size": "32MB"}),
    fails("sends-a-huge-blob", f"8 MiB|{BROKEN}|{LATE}", is_loud=True),
    fails("sends-a-blob-that-is-none", BROKEN),
    fails("refuses-at-length", "No. No."),
    fails("fails-at-length", "No. No."),
    fails("sends-invalid-utf8", f"{BROKEN}|{LATE}"),
    fails("sends-half-a-line", LATE),
    fails("sends-deep-json", f"{BROKEN}|{LATE}"),
    Case("sends-huge-numbers", "answer:|otherwise:"),
    fails("wants-the-impossible", BROKEN),
    fails("links-an-absolute-path", OUTSIDE),
    fails("links-a-parent-folder", OUTSIDE),
    fails("links-an-encoded-parent-folder", OUTSIDE),
    fails("links-a-symbolic-link", OUTSIDE),
    fails("links-through-a-linked-folder", OUTSIDE),
    fails("links-a-named-pipe", OUTSIDE),
    fails("links-a-folder", OUTSIDE),
    fails("links-a-socket", OUTSIDE),
    Case("links-a-huge-file", "answer:|otherwise:"),
    fails("links-what-is-not-there", OUTSIDE),
    fails("links-a-web-page", OUTSIDE),
]
