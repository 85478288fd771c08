"""The command line of `attache local`."""

import socket
import subprocess

import pytest

from support.http import exchange
from support.process import clean_environment


def run(binary, *arguments: str) -> subprocess.CompletedProcess:
    command = [str(binary), "local", *arguments]
    return subprocess.run(command, env=clean_environment(), capture_output=True, text=True, timeout=20)


def test_the_first_line_says_where_it_listens(start_service):
    service = start_service()
    assert service.url.startswith("http://127.0.0.1:")
    assert not service.url.endswith(":0")


def test_a_given_port_is_used(start_service):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert start_service(port=port).url == f"http://127.0.0.1:{port}"


def test_a_port_in_use_is_a_clear_error(start_service, attache_binary):
    port = start_service().url.rsplit(":", 1)[1]
    done = run(attache_binary, "--port", port)
    assert done.returncode != 0
    assert port in done.stderr


def test_it_listens_on_loopback_only(start_service):
    url = start_service().url
    hosts = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {"127.0.0.1", "127.0.1.1"}
    for host in hosts:
        with pytest.raises(OSError):
            exchange("GET", url.replace("127.0.0.1", host))


@pytest.mark.parametrize(
    "arguments",
    [["--port", "many"], ["--port", "70000"], ["--quotas", "/no/such/file"], ["--flow", "nothing"], ["--unheard-of"]],
    ids=" ".join,
)
def test_a_wrong_option_is_a_usage_error(attache_binary, arguments):
    done = run(attache_binary, *arguments)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert arguments[0].lstrip("-") in done.stderr


def test_it_stops_with_open_sockets_and_a_running_upload(start_service):
    service = start_service("--quotas", "off")
    customer = service.start_contact().customer.connect()
    with customer.live():
        assert service.process.stop() == 0


def test_help_names_the_options(attache_binary):
    done = run(attache_binary, "--help")
    assert done.returncode == 0
    for option in ("--port", "--data", "--quotas", "--flow", "--intake", "--intake-secret-file"):
        assert option in done.stdout
