"""The local service, as a server of WebSockets."""

import pytest

from support.service import LocalService


@pytest.fixture(scope="session")
def service(attache_binary, tmp_path_factory):
    with LocalService(attache_binary, tmp_path_factory.mktemp("websocket"), "--quotas", "off") as service:
        yield service
        assert service.process.is_running, f"the service died:\n{service.process.log}"
        assert service.process.stop() == 0, service.process.log
