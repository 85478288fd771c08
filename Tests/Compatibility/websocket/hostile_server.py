"""A hostile server for our client: the upgrade and the reading by `wsproto`, the writing by hand.

Prints its port. For every connection: answers the upgrade, sends the bytes that the query gives in hexadecimal (?send=...), at once or one by one
(&slowly), closes its direction if told to (&eof), then prints, as one line of JSON, what wsproto understood of the client's answer.
"""

import json
import socket
import sys
import threading
from urllib.parse import parse_qs, urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Ping, Pong, Request, TextMessage
from wsproto.utilities import RemoteProtocolError


def serve(connection: socket.socket) -> None:
    protocol = WSConnection(ConnectionType.SERVER)
    connection.settimeout(20)
    seen: list = []
    try:
        while True:
            data = connection.recv(65536)
            protocol.receive_data(data or None)
            for event in protocol.events():
                match event:
                    case Request():
                        connection.sendall(protocol.send(AcceptConnection()))
                        attack(connection, parse_qs(urlsplit(event.target).query, keep_blank_values=True))
                    case Pong():
                        seen.append(["pong", bytes(event.payload).decode()])
                    case Ping():
                        seen.append(["ping", bytes(event.payload).decode()])
                    case TextMessage() | BytesMessage():
                        seen.append(["message", str(event.data)])
                    case CloseConnection():
                        # What wsproto says for a connection that ended without a close frame.
                        seen.append(["end"] if event.code == 1006 else ["close", event.code])
                        return
    except RemoteProtocolError as error:
        seen.append(["violation", str(error)])
    except OSError as error:
        seen.append(["error", type(error).__name__])
    finally:
        connection.close()
        print(json.dumps(seen), flush=True)


def attack(connection: socket.socket, query: dict) -> None:
    data = bytes.fromhex(query["send"][0])
    if "slowly" in query:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in data:
            connection.sendall(bytes([byte]))
    else:
        connection.sendall(data)
    if "eof" in query:
        connection.shutdown(socket.SHUT_WR)


def main() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)

    def accept() -> None:
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    sys.stdin.read()


main()
