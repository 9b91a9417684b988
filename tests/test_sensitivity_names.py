"""What one types first: a topic's name answers with its functions, and public names stay."""

from __future__ import annotations

import pkgutil
import types

import pytest

from ogp_analysis import sensitivity


@pytest.mark.parametrize("name", sorted(m.name for m in pkgutil.iter_modules(sensitivity.__path__)))
def test_a_topic_that_is_called_names_its_functions(name):
    topic = getattr(sensitivity, name, None)
    if topic is None or not isinstance(topic, types.ModuleType):
        return  # not loaded with the package, or a function of that name
    with pytest.raises(TypeError, match=f"sensitivity.{name} is a module; ") as refusal:
        topic([[1, 5]], [2])
    for offered in sensitivity.__all__:
        made = getattr(getattr(sensitivity, offered), "__module__", "")
        assert (offered in str(refusal.value)) or made != topic.__name__


def test_the_first_guess_leads_to_the_function():
    with pytest.raises(TypeError, match="category_acceptability"):
        sensitivity.acceptability([[1, 5]])
    with pytest.raises(TypeError, match="stability_interval"):
        sensitivity.stability([[1, 5]])
    assert all(callable(getattr(sensitivity, name)) for name in sensitivity.__all__)
