"""`attache local`, started for the tests."""

import pytest

from support.service import Contact, LocalService, Participant


@pytest.fixture(scope="session")
def service(attache_binary, tmp_path_factory):
    """One service for all tests that need no options; each makes its own contacts."""
    with LocalService(attache_binary, tmp_path_factory.mktemp("local"), "--quotas", "off", "--scan-delay", "0") as service:
        yield service
        assert service.process.is_running, f"the service died:\n{service.process.log}"
        assert service.process.stop() == 0, service.process.log


@pytest.fixture
def start_service(attache_binary, tmp_path):
    """Starts services with the given options; at the end of the test, those that still run must end well when asked to."""
    started: list[LocalService] = []

    def start(*options: str, port: int = 0) -> LocalService:
        started.append(LocalService(attache_binary, tmp_path, *options, port=port))
        return started[-1]

    try:
        yield start
        for service in started:
            if service.process.is_running:
                assert service.process.stop() == 0, service.process.log
    finally:
        for service in started:
            service.process.kill()


@pytest.fixture
def contact(service) -> Contact:
    return service.start_contact()


@pytest.fixture
def customer(contact) -> Participant:
    """A customer with a connection token, who has not opened a socket."""
    return contact.customer.connect()


@pytest.fixture
def live(customer):
    """The customer's subscribed socket."""
    with customer.live() as live:
        yield live
