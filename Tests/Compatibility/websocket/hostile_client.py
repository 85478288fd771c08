"""A hostile client for our server: the upgrade and the reading by `wsproto`, the writing by hand.

Reads lines of JSON, {"port": 1, "send": "hexadecimal", "slowly": false, "eof": false}, and answers each with one line: what wsproto understood of
the server's answer, up to the end of the connection.
"""

import json
import socket
import sys

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Ping, Pong, RejectConnection, Request, TextMessage
from wsproto.utilities import RemoteProtocolError


def attack(port: int, send: str, slowly: bool = False, eof: bool = False) -> list:
    protocol = WSConnection(ConnectionType.CLIENT)
    seen: list = []
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(protocol.send(Request(host="localhost", target="/")))
        try:
            while data := connection.recv(65536):
                protocol.receive_data(data)
                for event in protocol.events():
                    match event:
                        case AcceptConnection():
                            payload = bytes.fromhex(send)
                            for chunk in [bytes([byte]) for byte in payload] if slowly else [payload]:
                                connection.sendall(chunk)
                            if eof:
                                connection.shutdown(socket.SHUT_WR)
                        case RejectConnection():
                            seen.append(["rejected", event.status_code])
                        case Pong() | Ping():
                            seen.append([type(event).__name__.lower(), bytes(event.payload).decode()])
                        case TextMessage() | BytesMessage():
                            seen.append(["message", str(event.data)])
                        case CloseConnection():
                            seen.append(["close", event.code])
            seen.append(["end"])
        except RemoteProtocolError as error:
            seen.append(["violation", str(error)])
        except OSError as error:
            seen.append(["error", type(error).__name__])
    return seen


for line in sys.stdin:
    print(json.dumps(attack(**json.loads(line))), flush=True)
