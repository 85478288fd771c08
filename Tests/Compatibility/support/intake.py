"""A bot host's intake: the HTTP door at which the local service's flows knock."""

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue


@dataclass
class Arrival:
    path: str
    headers: dict[str, str]
    body: dict


class Intake:
    """Answers every POST with `status` and keeps it."""

    def __init__(self, status: int = 202, port: int = 0):
        self.status = status
        self.arrivals: Queue[Arrival] = Queue()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def next(self, seconds: float = 10) -> Arrival:
        try:
            return self.arrivals.get(timeout=seconds)
        except Empty:
            raise AssertionError(f"nothing arrived within {seconds} s") from None

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> "Intake":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def _handler(self):
        intake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                intake.arrivals.put(Arrival(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
                answer = json.dumps({"session": "a-session"}).encode()
                self.send_response(intake.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        return Handler
