"""This file holds the statements of imports and archives; whoever works on one has leased it, and moves its counter."""

from sqlalchemy import BigInteger, Text, bindparam, delete, func, or_, select, update

from admitone.model.records.jobs import LEFT_OUT, Job, JobRow, JobState
from admitone.store.engine.statements import Statement, insert, no_row, only
from admitone.store.records.tables import job_parts, job_rows, jobs

NOW = bindparam("now", type_=BigInteger)
UNTIL = bindparam("until", type_=BigInteger)
JOB = bindparam("job_id", type_=BigInteger)
MOST = bindparam("most", type_=BigInteger)

_columns = (
    jobs.c.id,
    jobs.c.account_id,
    jobs.c.task,
    jobs.c.state,
    jobs.c.origins,
    jobs.c.shelves,
    jobs.c.total,
    jobs.c.done,
    jobs.c.made_at,
    jobs.c.expires_at,
)
_theirs = (
    jobs.c.account_id == bindparam("account_id", type_=BigInteger),
    jobs.c.task == bindparam("task", type_=Text),
)

# No row when the person has one already: `END` comes first, and leaves one that is running.
BEGIN = Statement(
    insert(jobs)
    .values(
        account_id=bindparam("account_id"),
        task=bindparam("task"),
        state=bindparam("state"),
        origins=bindparam("origins"),
        shelves=bindparam("shelves"),
        total=bindparam("total"),
        done=0,
        made_at=NOW,
        leased_until=0,
        expires_at=UNTIL,
    )
    .on_conflict_do_nothing(index_elements=[jobs.c.account_id, jobs.c.task])
    .returning(*_columns),
    Job._make,
)
FIND = Statement(select(*_columns).where(*_theirs, jobs.c.expires_at > NOW), Job._make)
# What must not be running any more; its rows and parts were taken away before, a batch at a time.
END = Statement(
    delete(jobs).where(*_theirs, jobs.c.state != JobState.RUNNING.value).returning(jobs.c.id),
    only,
)
ENDING = Statement(select(jobs.c.id).where(*_theirs, jobs.c.state != JobState.RUNNING.value), only)

# One state becomes another, once.
MOVE = Statement(
    update(jobs)
    .where(jobs.c.id == JOB, jobs.c.state == bindparam("before", type_=Text))
    .values(state=bindparam("after", type_=Text), expires_at=UNTIL)
    .returning(jobs.c.id),
    only,
)
START = Statement(
    update(jobs)
    .where(*_theirs, jobs.c.state == JobState.READY.value, jobs.c.expires_at > NOW)
    .values(state=JobState.RUNNING.value, expires_at=UNTIL)
    .returning(jobs.c.id),
    only,
)

_waits = (jobs.c.state == JobState.RUNNING.value, jobs.c.leased_until <= NOW)
_first = select(jobs.c.id).where(*_waits).order_by(jobs.c.id).limit(1)
IS_DUE = Statement(_first, only)
# A second worker that is a moment late finds the row leased.
LEASE = Statement(
    update(jobs).where(jobs.c.id == _first.scalar_subquery(), *_waits).values(leased_until=UNTIL).returning(*_columns),
    Job._make,
)
# The counter is the lock: of two that work on the same entries, one finds it moved.
ADVANCE = Statement(
    update(jobs)
    .where(
        jobs.c.id == JOB,
        jobs.c.state == JobState.RUNNING.value,
        jobs.c.done == bindparam("seen", type_=BigInteger),
    )
    .values(done=bindparam("done", type_=BigInteger), leased_until=UNTIL)
    .returning(jobs.c.id),
    only,
)
SET_SHELVES = Statement(update(jobs).where(jobs.c.id == JOB).values(shelves=bindparam("shelves")), no_row)
SET_TOTAL = Statement(update(jobs).where(jobs.c.id == JOB).values(total=bindparam("total")), no_row)

ADD_ROW = Statement(
    insert(job_rows).values(
        job_id=bindparam("job_id"),
        number=bindparam("number"),
        entry=bindparam("entry"),
        outcome=bindparam("outcome"),
    ),
    no_row,
)
_rows = select(job_rows.c.number, job_rows.c.entry, job_rows.c.outcome).where(job_rows.c.job_id == JOB)
NEXT_ROWS = Statement(
    _rows.where(job_rows.c.number > bindparam("seen", type_=BigInteger)).order_by(job_rows.c.number).limit(MOST),
    JobRow._make,
)
SET_OUTCOME = Statement(
    update(job_rows)
    .where(job_rows.c.job_id == JOB, job_rows.c.number == bindparam("number", type_=BigInteger))
    .values(outcome=bindparam("outcome")),
    no_row,
)
OUTCOMES = Statement(
    select(job_rows.c.outcome, func.count()).where(job_rows.c.job_id == JOB).group_by(job_rows.c.outcome), tuple
)
LEFT_OUT_ROWS = Statement(
    _rows.where(or_(*(job_rows.c.outcome == outcome for outcome in LEFT_OUT)))
    .order_by(job_rows.c.number)
    .limit(MOST)
    .offset(bindparam("offset", type_=BigInteger)),
    JobRow._make,
)
_some_rows = (
    select(job_rows.c.number).where(job_rows.c.job_id == JOB).order_by(job_rows.c.number).limit(MOST).scalar_subquery()
)
DROP_ROWS = Statement(delete(job_rows).where(job_rows.c.job_id == JOB, job_rows.c.number.in_(_some_rows)), no_row)

ADD_PART = Statement(
    insert(job_parts).values(job_id=bindparam("job_id"), number=bindparam("number"), content=bindparam("content")),
    no_row,
)
PART = Statement(
    select(job_parts.c.content).where(
        job_parts.c.job_id == JOB, job_parts.c.number == bindparam("number", type_=BigInteger)
    ),
    only,
)
DROP_PARTS = Statement(delete(job_parts).where(job_parts.c.job_id == JOB), no_row)

EXPIRED = Statement(select(jobs.c.id).where(jobs.c.expires_at <= NOW).order_by(jobs.c.expires_at).limit(1), only)
REMOVE = Statement(delete(jobs).where(jobs.c.id == JOB).returning(jobs.c.id), only)
