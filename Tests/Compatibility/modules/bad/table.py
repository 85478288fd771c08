"""The table of bad modules: what each does wrong (a mode of bad_module.py), and what a customer may see of it."""

from dataclasses import dataclass, field

# Seconds: enough for whatever does not run out of them.
LONG, SHORT = 10, 2


@dataclass(frozen=True)
class Case:
    mode: str
    # A pattern of what the bot says: "answer: " and the value, or "otherwise: " and the reason.
    reply: str
    # The step's limit, in seconds.
    within: int = LONG
    limits: dict[str, str] = field(default_factory=dict)
    sandbox: str = "on"
    # It works the machine: such modules are called one at a time.
    is_loud: bool = False

    def __str__(self) -> str:
        return self.mode


def works(mode: str, **more) -> Case:
    return Case(mode, 'answer: "poked"', **more)


def fails(mode: str, reason: str, **more) -> Case:
    return Case(mode, f"otherwise: .*({reason})", **more)


def runs_out_of_time(mode: str, **more) -> Case:
    return Case(mode, f"otherwise: timeout: .*({LATE})", within=SHORT, **more)


NOT_RUNNING = "is not running"
ENDED = "ended in the middle of the call"
BROKEN = "does not keep to the protocol"
LATE = "did not answer within|not done within"

CASES = [
    # At the start
    fails("crashes-at-start", NOT_RUNNING),
    fails("is-silent-at-start", f"{NOT_RUNNING}|{LATE}"),
    fails("closes-stdout-at-start", NOT_RUNNING),
    works("begins-with-a-bom"),
    fails("speaks-another-version", NOT_RUNNING),
    works("dies-when-probed"),
    works("is-silent-when-probed"),
    works("starts-slowly"),
    works("logs-a-burst-at-start"),
    # When its tools are listed
    works("lists-a-tool-twice"),
    fails("lists-ten-thousand-tools", NOT_RUNNING),
    works("lists-odd-names"),
    fails("lists-without-end", NOT_RUNNING),
    works("lists-with-a-cursor-of-null"),
    fails("lists-no-list", NOT_RUNNING),
    fails("lists-a-million-oddities", f"{NOT_RUNNING}|{LATE}", is_loud=True),
    works("changes-its-tools"),
    fails("loses-its-tools", "refused the call: Unknown tool|has no action"),
    # When one is called
    runs_out_of_time("hangs"),
    fails("crashes", ENDED),
    fails("is-killed", ENDED),
    runs_out_of_time("answers-late"),
    runs_out_of_time("ignores-sigterm"),
    works("prints-some-rubbish"),
    fails("prints-nothing-but-rubbish", BROKEN),
    fails("floods-stdout", BROKEN, is_loud=True),
    runs_out_of_time("floods-stdout-without-a-line", is_loud=True),
    fails("floods-stdout-with-blank-lines", BROKEN, is_loud=True),
    works("floods-stderr", is_loud=True),
    works("floods-stderr-without-a-line", is_loud=True),
    # Line for line, which takes its time.
    fails("floods-with-progress", BROKEN, within=30, is_loud=True),
    fails("floods-with-requests", f"{BROKEN}|takes no more input", within=30, is_loud=True),
    Case("floods-with-questions", "How are you|otherwise:"),
    fails("answers-unknown-ids", f"{BROKEN}|{LATE}"),
    works("answers-twice"),
    works("answers-in-batches"),
    Case("sends-half-a-surrogate", 'answer: "poked \ufffd"'),
    works("writes-null-for-what-it-has-not"),
    fails("answers-with-nonsense", BROKEN),
    runs_out_of_time("closes-stdin"),
    fails("closes-stdout", ENDED),
    fails("forks-a-child-that-holds-the-pipe", ENDED),
    fails("forks-a-daemon", ENDED),
    fails("forks-a-hundred", ENDED),
    Case("kills-its-keeper", 'answer: "refused"'),
    Case("stops-its-keeper", 'answer: "refused"'),
    Case("kills-the-host", 'answer: "refused"'),
    fails("kills-its-keeper-unboxed", ENDED, sandbox="off"),
    fails("lets-a-daemon-kill-its-keeper-unboxed", ENDED, sandbox="off"),
    fails("forks-three-hundred", ENDED, is_loud=True),
    fails("eats-memory-in-many-processes", ENDED, limits={"memory": "256MB"}, is_loud=True),
    fails("eats-memory", ENDED, limits={"memory": "256MB"}, is_loud=True),
    fails("eats-processor-time", ENDED, limits={"cpu": "1s"}, is_loud=True),
    fails("eats-open-files", ENDED, limits={"open_files": "64"}),
    fails("eats-the-disk", ENDED, limits={"file_size": "32MB"}),
    fails("sends-a-huge-blob", BROKEN, is_loud=True),
    fails("sends-a-blob-that-is-none", BROKEN),
    fails("refuses-at-length", "No. No."),
    fails("fails-at-length", "No. No."),
    fails("sends-invalid-utf8", BROKEN),
    runs_out_of_time("sends-half-a-line"),
    fails("sends-deep-json", BROKEN),
    Case("sends-huge-numbers", "answer:|otherwise:"),
    fails("wants-the-impossible", BROKEN),
    fails("links-an-absolute-path", BROKEN),
    fails("links-a-parent-folder", BROKEN),
    fails("links-an-encoded-parent-folder", BROKEN),
    fails("links-a-symbolic-link", BROKEN),
    fails("links-through-a-linked-folder", BROKEN),
    fails("links-a-named-pipe", BROKEN),
    fails("links-a-folder", BROKEN),
    fails("links-a-socket", BROKEN),
    fails("links-a-hard-link-unboxed", f"{BROKEN}|{ENDED}", sandbox="off"),
    fails("replaces-its-spool-folder", ENDED),
    fails("replaces-its-spool-folder-unboxed", BROKEN, sandbox="off"),
    fails("links-a-zero-byte", BROKEN),
    Case("links-a-huge-file", "answer:|otherwise:"),
    fails("links-what-is-not-there", BROKEN),
    fails("links-a-web-page", BROKEN),
]
