"""One thread for linear algebra: many small matrices gain nothing from more, and crawl where threads share a core."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from threadpoolctl import ThreadpoolController


@cache
def _libraries() -> Any:
    return ThreadpoolController()


def on_one_thread[**P, T](function: Callable[P, T]) -> Callable[P, T]:
    """Run a function with linear algebra on one thread."""

    @wraps(function)
    def alone(*args: P.args, **named: P.kwargs) -> T:
        with _libraries().limit(limits=1, user_api="blas"):
            return function(*args, **named)

    return alone
