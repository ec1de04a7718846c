from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

from communities import limits
from communities.models import Attempts
from core.refusals import TooMany

MINUTE = timedelta(minutes=1)
AT = datetime(2026, 11, 22, 4, 0, 20, tzinfo=UTC)


@pytest.mark.django_db
def test_what_is_above_the_limit_is_refused_until_the_window_ends() -> None:
    for _ in range(3):
        limits.hit("door", limit=3, window=MINUTE, at=AT)
    with pytest.raises(TooMany, match="1分钟后再试"):
        limits.hit("door", limit=3, window=MINUTE, at=AT + timedelta(seconds=39))
    limits.hit("door", limit=3, window=MINUTE, at=AT + timedelta(seconds=40))
    limits.hit("window", limit=3, window=MINUTE, at=AT)


@pytest.mark.django_db
def test_the_sentence_says_how_long_to_wait() -> None:
    limits.hit("door", limit=1, window=timedelta(days=1), at=AT)
    with pytest.raises(TooMany, match="20小时后再试"):
        limits.hit("door", limit=1, window=timedelta(days=1), at=AT)


@pytest.mark.django_db
def test_a_right_try_clears_the_count() -> None:
    limits.hit("door", limit=1, window=MINUTE, at=AT)
    limits.clear("door")
    limits.hit("door", limit=1, window=MINUTE, at=AT)


@pytest.mark.django_db(transaction=True)
def test_a_refusal_does_not_take_the_count_back() -> None:
    for _ in range(4):
        try:
            limits.hit("door", limit=2, window=MINUTE, at=AT)
        except TooMany:
            continue
    assert Attempts.objects.get(key="door").count == 4


@pytest.mark.django_db(transaction=True)
def test_counting_inside_a_transaction_that_may_roll_back_is_a_programming_error() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        limits.hit("door", limit=2, window=MINUTE, at=AT)


@pytest.mark.django_db(transaction=True)
def test_of_200_parallel_tries_exactly_five_pass() -> None:
    together = Barrier(20)

    def knock(_: int) -> int:
        together.wait()
        passed = 0
        for _ in range(10):
            try:
                limits.hit("door", limit=5, window=timedelta(hours=1), at=AT)
                passed += 1
            except TooMany:
                continue
        connection.close()
        return passed

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(knock, range(20))) == 5
    assert Attempts.objects.get(key="door").count == 200


@pytest.mark.parametrize(
    ("seen", "forwarded", "trusted", "address"),
    [
        ("203.0.113.9", "", False, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", False, "203.0.113.9"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.1", True, "198.51.100.1"),
        ("127.0.0.1", "", True, "127.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", False, "2001:db8:1:2::/64"),
        ("", "", False, "unknown"),
    ],
)
def test_the_address_is_the_one_that_our_own_proxy_saw(rf, settings, seen, forwarded, trusted, address) -> None:
    settings.TRUSTED_PROXIES = trusted
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert limits.address_of(rf.get("/", REMOTE_ADDR=seen, headers=headers)) == address
