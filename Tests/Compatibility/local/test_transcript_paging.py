"""GetTranscript (reference, section 6): which items, in which order, on which page."""

import itertools

import pytest

DIRECTIONS = ("BACKWARD", "FORWARD")
ORDERS = ("ASCENDING", "DESCENDING")
WALKS = list(itertools.product(DIRECTIONS, ORDERS))
COUNT = 23


@pytest.fixture(scope="module")
def spoken(service):
    """A contact of COUNT messages, and nothing else: their ids, oldest first. Tests only read it."""
    customer = service.start_contact().customer.connect()
    ids = [customer.say(f"message {number}")["Id"] for number in range(COUNT)]
    assert [item["Id"] for item in customer.transcript()] == ids
    return customer, ids


def page_ids(answer: dict) -> list[str]:
    return [item["Id"] for item in answer["Transcript"]]


def pages(customer, **filters) -> list[list[str]]:
    """The ids of all pages, as they come."""
    found = []
    token = {}
    for _ in range(COUNT + 2):
        answer = customer.call("get_transcript", **filters, **token)
        found.append(page_ids(answer))
        if not answer.get("NextToken"):
            return found
        token = {"NextToken": answer["NextToken"]}
    raise AssertionError(f"the pages do not end: {found}")


def expected_pages(ids: list[str], direction: str, order: str, size: int) -> list[list[str]]:
    """`ids` are those that the walk may see, oldest first: the direction cuts the pages, the order only turns each."""
    walk = ids if direction == "FORWARD" else ids[::-1]
    cut = [walk[start : start + size] for start in range(0, len(walk), size)]
    turned = (order == "ASCENDING") != (direction == "FORWARD")
    return [page[::-1] if turned else page for page in cut]


def without_empty_end(found: list[list[str]]) -> list[list[str]]:
    """A service may notice only on an empty last page that there is no more."""
    return found[:-1] if found[-1] == [] and len(found) > 1 else found


@pytest.mark.parametrize("size", [1, 2, 5, 10, 22, 23, 24, 100])
@pytest.mark.parametrize("order", ORDERS)
def test_backward_from_the_end(spoken, order, size):
    customer, ids = spoken
    found = pages(customer, ScanDirection="BACKWARD", SortOrder=order, MaxResults=size)
    assert without_empty_end(found) == expected_pages(ids, "BACKWARD", order, size)


@pytest.mark.parametrize("position", [0, 1, 11, COUNT - 1])
@pytest.mark.parametrize("size", [1, 4, 100])
@pytest.mark.parametrize(("direction", "order"), WALKS)
def test_from_an_item(spoken, direction, order, size, position):
    """The item itself is included."""
    customer, ids = spoken
    start = {"Id": ids[position]}
    found = pages(customer, ScanDirection=direction, SortOrder=order, MaxResults=size, StartPosition=start)
    seen = ids[position:] if direction == "FORWARD" else ids[: position + 1]
    assert without_empty_end(found) == expected_pages(seen, direction, order, size)


@pytest.mark.parametrize("recent", [1, 7, COUNT, 100])
@pytest.mark.parametrize("size", [3, 100])
@pytest.mark.parametrize("order", ORDERS)
def test_forward_from_the_most_recent(spoken, order, size, recent):
    customer, ids = spoken
    found = pages(customer, ScanDirection="FORWARD", SortOrder=order, MaxResults=size, StartPosition={"MostRecent": recent})
    assert without_empty_end(found) == expected_pages(ids[-recent:], "FORWARD", order, size)


@pytest.mark.parametrize("position", [0, 9, COUNT - 1])
@pytest.mark.parametrize(("direction", "order"), WALKS)
def test_from_a_time(spoken, direction, order, position):
    customer, ids = spoken
    time = {item["Id"]: item["AbsoluteTime"] for item in customer.transcript()}[ids[position]]
    found = pages(customer, ScanDirection=direction, SortOrder=order, MaxResults=6, StartPosition={"AbsoluteTime": time})
    seen = ids[position:] if direction == "FORWARD" else ids[: position + 1]
    assert without_empty_end(found) == expected_pages(seen, direction, order, 6)


def test_a_time_without_milliseconds_is_a_position(spoken):
    customer, ids = spoken
    time = customer.transcript()[0]["AbsoluteTime"][:19] + "Z"
    answer = customer.call("get_transcript", ScanDirection="FORWARD", MaxResults=100, StartPosition={"AbsoluteTime": time})
    assert set(page_ids(answer)) == set(ids)


def test_the_defaults_are_the_ten_newest_newest_first(spoken):
    customer, ids = spoken
    answer = customer.call("get_transcript")
    assert page_ids(answer) == ids[:-11:-1]
    assert answer["NextToken"]
    assert answer["InitialContactId"] == customer.contact_id


def test_with_a_position_the_default_direction_is_forward(spoken):
    customer, ids = spoken
    answer = customer.call("get_transcript", StartPosition={"Id": ids[3]}, SortOrder="ASCENDING", MaxResults=4)
    assert page_ids(answer) == ids[3:7]


def test_an_empty_position_is_none(spoken):
    customer, ids = spoken
    answer = customer.call("get_transcript", StartPosition={}, ScanDirection="BACKWARD", SortOrder="ASCENDING", MaxResults=15)
    assert page_ids(answer) == ids[-15:]


def test_forward_needs_a_position(spoken):
    customer, _ = spoken
    for position in ({}, {"StartPosition": {}}):
        refused = customer.refused("get_transcript", ScanDirection="FORWARD", **position)
        assert (refused.status, refused.type) == (400, "ValidationException")


def test_an_unknown_position_gives_nothing(spoken):
    customer, _ = spoken
    answer = customer.call("get_transcript", ScanDirection="FORWARD", StartPosition={"Id": "11111111-2222-3333-4444-555555555555"})
    assert answer["Transcript"] == []


def test_no_results_at_most(spoken):
    customer, _ = spoken
    assert customer.call("get_transcript", MaxResults=0)["Transcript"] == []


def test_the_pages_go_on_where_filters_and_an_empty_position_are_repeated_beside_the_token(spoken):
    """As ChatJS does it."""
    customer, ids = spoken
    filters = {"MaxResults": 15, "ScanDirection": "BACKWARD", "SortOrder": "ASCENDING", "StartPosition": {}}
    first = customer.call("get_transcript", **filters)
    second = customer.call("get_transcript", NextToken=first["NextToken"], **filters)
    assert page_ids(second) + page_ids(first) == ids


def test_a_token_alone_goes_on_in_its_direction_and_order(spoken):
    customer, ids = spoken
    first = customer.call("get_transcript", MaxResults=10, ScanDirection="FORWARD", SortOrder="ASCENDING", StartPosition={"Id": ids[0]})
    second = customer.call("get_transcript", NextToken=first["NextToken"])
    assert page_ids(second) == ids[10 : 10 + len(page_ids(second))]
    assert page_ids(second)


def test_the_pages_stand_still_while_new_messages_come(service):
    customer = service.start_contact().customer.connect()
    ids = [customer.say(str(number))["Id"] for number in range(6)]
    filters = {"MaxResults": 2, "ScanDirection": "BACKWARD", "SortOrder": "DESCENDING"}
    answer = customer.call("get_transcript", **filters)
    walked = page_ids(answer)
    while answer.get("NextToken"):
        customer.say("one more")
        answer = customer.call("get_transcript", NextToken=answer["NextToken"], **filters)
        walked += page_ids(answer)
    assert walked == ids[::-1]


def test_forward_pages_reach_what_was_said_meanwhile(service):
    customer = service.start_contact().customer.connect()
    ids = [customer.say(str(number))["Id"] for number in range(4)]
    filters = {"MaxResults": 2, "ScanDirection": "FORWARD", "SortOrder": "ASCENDING", "StartPosition": {"Id": ids[0]}}
    first = customer.call("get_transcript", **filters)
    ids.append(customer.say("meanwhile")["Id"])
    filters.pop("StartPosition")
    walked, answer = page_ids(first), first
    while answer.get("NextToken"):
        answer = customer.call("get_transcript", NextToken=answer["NextToken"], **filters)
        walked += page_ids(answer)
    assert walked == ids


def test_a_next_token_of_another_contact_is_refused(service, spoken):
    stranger = service.start_contact().customer.connect()
    token = spoken[0].call("get_transcript")["NextToken"]
    assert stranger.refused("get_transcript", NextToken=token).status in (400, 403)


def test_an_empty_transcript_has_one_empty_page(customer):
    answer = customer.call("get_transcript")
    assert answer["Transcript"] == []
    assert not answer.get("NextToken")


def test_own_contact_id_changes_nothing(spoken):
    customer, ids = spoken
    answer = customer.call("get_transcript", ContactId=customer.contact_id, MaxResults=100, SortOrder="ASCENDING")
    assert page_ids(answer) == ids
