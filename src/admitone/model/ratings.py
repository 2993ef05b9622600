"""This file holds the rules of a rating: half points from 0.5 to 10.0, range before step (wire E.1)."""

import math
import re

from admitone.model.faults import Fault, Refused

HIGHEST = 10
# What can be wrong with a rating, in the order in which it is looked at.
FAULTS = (Fault.RATING_MISSING, Fault.RATING_TOO_LOW, Fault.RATING_TOO_HIGH, Fault.RATING_NOT_HALF)
# Narrower than float(), which takes other scripts' digits, 1_0 and infinity as well.
_SPELLED = re.compile(r"[+-]?[0-9]*(?:\.[0-9]*)?")


def halves(value: object) -> int:
    """A rating in half points, 1 to 20.

    `value` is a number or a text that spells one. Raises RATING_MISSING for anything else, then RATING_TOO_LOW,
    RATING_TOO_HIGH and RATING_NOT_HALF in this order.
    """
    number = _number(value)
    if number <= 0:
        raise Refused(Fault.RATING_TOO_LOW)
    if number > HIGHEST:
        raise Refused(Fault.RATING_TOO_HIGH)
    doubled = number * 2
    if doubled != int(doubled):
        raise Refused(Fault.RATING_NOT_HALF)
    return int(doubled)


def shown(half_points: int) -> float:
    """Half points as the wire writes them: 17 is 8.5."""
    return half_points / 2


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Refused(Fault.RATING_MISSING)
    if isinstance(value, str) and not _SPELLED.fullmatch(value.strip(" ")):
        raise Refused(Fault.RATING_MISSING)
    try:
        number = float(value)
    except ValueError as error:
        raise Refused(Fault.RATING_MISSING) from error
    except OverflowError:
        return math.inf if int(value) > 0 else -math.inf
    if math.isnan(number):
        raise Refused(Fault.RATING_MISSING)
    return number
