"""What a module says when it is called like a function: which functions it holds."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from types import ModuleType
from typing import NoReturn


class Topic(ModuleType):
    """A module that, when called, names its functions instead of "'module' object is not callable"."""

    def __call__(self, *given: object, **named: object) -> NoReturn:
        """Refuse with the names of the functions that this module gives its package."""
        package, _, name = self.__name__.rpartition(".")
        offered = sorted(
            each
            for each in getattr(sys.modules[package], "__all__", ())
            if getattr(getattr(sys.modules[package], each), "__module__", "") == self.__name__
        )
        short = package.rpartition(".")[2]
        words = f"call {' or '.join(offered)}" if offered else f"see help({short}) for the functions"
        message = f"{short}.{name} is a module; {words}"
        raise TypeError(message)


def answer_calls(package: str, topics: Iterable[str]) -> None:
    """Make the modules of a package answer a call with a hint.

    Examples
    --------
    >>> from ogp_analysis import sensitivity
    >>> sensitivity.concentration()
    Traceback (most recent call last):
    TypeError: sensitivity.concentration is a module; call acceptability_curve or concentrated_probability
    """
    for topic in topics:
        module = sys.modules.get(f"{package}.{topic}")
        if type(module) is ModuleType:
            module.__class__ = Topic
