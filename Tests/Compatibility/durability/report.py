"""What a matrix found, for people."""

from durability.matrix import Outcome


def table(outcome: Outcome, heading: str) -> str:
    rows = [("kills", outcome.kills.total()), *outcome.counts.rows()]
    rows += [("host ended unasked", len(outcome.falls)), ("requests out of order", len(outcome.complaints))]
    lines = [heading, *(f"  {name:<28}{count:>6}" for name, count in rows), "  kills by place:"]
    for place, count in sorted(outcome.kills.items()):
        lines.append(f"    {place:<52}{count:>4}")
    return "\n".join(lines)


def findings(outcome: Outcome, at_most: int = 10) -> str:
    """The conversations and events behind what is not 0."""
    found = [*outcome.stories, *outcome.falls, *dict.fromkeys(outcome.complaints)]
    more = [f"({len(found) - at_most} more)"] if len(found) > at_most else []
    return "\n".join([*found[:at_most], *more])


def closing_line(outcome: Outcome, seed: int) -> str:
    counts = outcome.counts
    return (
        f"{outcome.kills.total()} kills in {counts.conversations} conversations ({outcome.seconds:.0f} s, seed {seed}): "
        f"{counts.replies_lost} replies lost, {counts.replies_doubled + counts.replies_never_due} doubled or never due, "
        f"{counts.attachments_lost} attachments lost, {counts.attachments_doubled} doubled, {counts.attachments_differing} differing, "
        f"{counts.conversations_stuck} conversations stuck: {'all is well' if outcome.is_good else 'NOT WELL'}"
    )
