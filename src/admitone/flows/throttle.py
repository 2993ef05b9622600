"""This file takes from buckets, so that nobody can ask for too much; each attempt is counted exactly once (I13)."""

from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, TypeVar

from admitone.basics.digests import Kind
from admitone.flows.house import House
from admitone.model.faults import Fault, Refused
from admitone.model.limits import Limit, Spread
from admitone.model.web.networks import limiter_network, limiter_region
from admitone.store import limits
from admitone.store.engine.tx import Tx

T = TypeVar("T")
P = ParamSpec("P")


async def take(house: House, tx: Tx, fault: Fault, limit: Limit, *whose: object) -> None:
    """Take one from the bucket of `whose`. Raises `fault` with the seconds to wait when there is no room."""
    if not await has_room(house, tx, limit, *whose):
        empty_at = await tx.one(limits.EMPTY_AT, bucket=_bucket(house, limit, *whose)) or tx.now
        raise Refused(fault, retry_after=limit.wait_s(empty_at, tx.now), detail=limit.name)


async def take_from(house: House, tx: Tx, spread: Spread, address: str) -> None:
    """Take one from each bucket that an address is counted in: its network's and so on. Raises RATE_LIMITED."""
    for limit, *whose in _counted(spread, address):
        await take(house, tx, Fault.RATE_LIMITED, limit, *whose)


async def has_room_from(house: House, tx: Tx, spread: Spread, address: str) -> bool:
    """The same if there is room in each: for what is left out silently rather than refused."""
    for limit, *whose in _counted(spread, address):
        if not await has_room(house, tx, limit, *whose):
            return False
    return True


async def has_room(house: House, tx: Tx, limit: Limit, *whose: object) -> bool:
    """Take one from the bucket of `whose` if there is room: for what is left out silently rather than refused."""
    taken = await tx.one(
        limits.TAKE,
        bucket=_bucket(house, limit, *whose),
        now=tx.now,
        interval=limit.interval_ms,
        slack=limit.slack_ms,
    )
    return taken is not None


async def give_back(house: House, tx: Tx, limit: Limit, *whose: object) -> None:
    """Put back what was taken for an attempt that turned out to be honest."""
    await tx.run(limits.GIVE_BACK, bucket=_bucket(house, limit, *whose), interval=limit.interval_ms)


async def forget(house: House, tx: Tx, limit: Limit, *whose: object) -> None:
    """Empty a bucket."""
    await tx.run(limits.FORGET, bucket=_bucket(house, limit, *whose))


def limited(
    limit: Limit, *whose: object
) -> Callable[
    [Callable[Concatenate[House, Tx, P], Coroutine[Any, Any, T]]],
    Callable[Concatenate[House, Tx, P], Coroutine[Any, Any, T]],
]:
    """The same flow, but it first takes from a bucket, in the same transaction; RATE_LIMITED when there is no room."""

    # Quoted, because a request makes this function anew, and its types would cost as much as its work.
    def wrap(
        flow: "Callable[Concatenate[House, Tx, P], Coroutine[Any, Any, T]]",
    ) -> "Callable[Concatenate[House, Tx, P], Coroutine[Any, Any, T]]":
        async def run(house: House, tx: Tx, /, *args: P.args, **kwargs: P.kwargs) -> T:
            await take(house, tx, Fault.RATE_LIMITED, limit, *whose)
            return await flow(house, tx, *args, **kwargs)

        return run

    return wrap


def _counted(spread: Spread, address: str) -> tuple[tuple[Limit, *tuple[str, ...]], ...]:
    return (
        (spread.network, limiter_network(address)),
        (spread.region, limiter_region(address)),
        (spread.site,),
    )


def _bucket(house: House, limit: Limit, *whose: object) -> bytes:
    """The name of a bucket; a digest, because it may hold a person's name or address."""
    return house.digests.of(Kind.LIMIT, "\0".join([limit.name, *map(str, whose)]))
