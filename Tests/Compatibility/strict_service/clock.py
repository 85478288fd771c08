"""The service's clock, which can be moved on."""

from datetime import UTC, datetime, timedelta


class Clock:
    def __init__(self):
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def advance(self, duration: timedelta) -> None:
        self.ahead += duration


def text(time: datetime) -> str:
    """As the service writes times: with milliseconds, in UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03d}Z"
