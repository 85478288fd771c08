"""What was found, for people."""

from durability.matrix import Outcome
from durability.verdict import Counts


def table(outcome: Outcome, heading: str) -> str:
    counted = [
        ("kills", outcome.kills.total()),
        ("of these, not as intended", outcome.missed),
        ("asked to end", outcome.stops),
        *outcome.counts.rows(),
        ("host ended unasked", len(outcome.falls)),
        ("requests out of order", len(outcome.complaints)),
        ("left open in the store", len(outcome.leftovers)),
    ]
    places = "\n".join(f"    {place:<52}{count:>4}" for place, count in sorted(outcome.kills.items()))
    return "\n".join([heading, rows(counted), "  kills by place:", places])


def rows(counted: list[tuple[str, int]]) -> str:
    return "\n".join(f"  {name:<28}{count:>6}" for name, count in counted)


def findings(outcome: Outcome, at_most: int = 10) -> str:
    """The conversations and events behind what is not 0."""
    found = [*outcome.stories, *outcome.falls, *outcome.leftovers, *dict.fromkeys(outcome.complaints)]
    more = [f"({len(found) - at_most} more)"] if len(found) > at_most else []
    return "\n".join([*found[:at_most], *more])


def closing_line(outcome: Outcome, seed: int) -> str:
    return (
        f"{outcome.kills.total()} kills in {outcome.counts.conversations} conversations ({outcome.seconds:.0f} s, seed {seed}): "
        f"{counts_in_words(outcome.counts)}: {'all is well' if outcome.is_good else 'NOT WELL'}"
    )


def counts_in_words(counts: Counts) -> str:
    return (
        f"{counts.replies_lost} replies lost, {counts.replies_doubled + counts.replies_never_due} doubled or never due, "
        f"{counts.attachments_lost} attachments lost, {counts.attachments_doubled} doubled, {counts.attachments_differing} differing, "
        f"{counts.conversations_out_of_order} conversations out of order, {counts.conversations_stuck} stuck"
    )
