"""Work that broke down is told of by ids, kind and place: messages of errors may quote a person (PRIV-3)."""

import functools
from collections.abc import Callable
from typing import ParamSpec

import structlog

from webapp.store.trouble import where, why

log = structlog.get_logger()

P = ParamSpec("P")


class JobBrokeDown(Exception):
    """A job broke down, and our log says where: all that the queue's own log gets to know of it."""


def without_names(job: Callable[P, None]) -> Callable[P, None]:
    """The job, which raises nothing but JobBrokeDown. Its arguments are ids."""

    @functools.wraps(job)
    def quiet(*args: P.args, **options: P.kwargs) -> None:
        try:
            job(*args, **options)
            return
        except JobBrokeDown:  # a job that was called by this one, and has told of it
            raise
        except Exception as error:  # the last place of ours: whoever runs jobs would print the message, and its causes
            broken = JobBrokeDown(why(error))
            log.error("a job broke down", job=job.__name__, ids=args, why=why(error), where=where(error))
        raise broken  # out here it has no cause that a traceback could show

    return quiet
