"""The mutation tool changes what it says, leaves messages alone and keeps its explanations."""

from __future__ import annotations

import sys

import pytest
from project_files import script

pytest.importorskip("resource")
mutators = script("tools/mutators.py")
mutation = script("tools/mutation.py")

MODULE = '''
class Scale:
    def top(self):
        return max(self.values)


def share(x: int = 1, limit=2):
    """Share of 3."""
    if not x:
        message = f"{x + 1} is not allowed"
        raise ValueError(message)
    return x >= limit and list(zip([x], [x + 0.5], strict=True))
'''


@pytest.fixture
def made(tmp_path, monkeypatch):
    (tmp_path / "small_module.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.setattr(mutators, "ROOT", tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    yield list(mutators.mutants("small_module.py"))
    sys.modules.pop("small_module", None)


def test_every_change_is_made_once_in_the_order_of_the_text(made):
    returned = "return x >= limit and list(zip([x], [x + 0.5], strict=True))"
    assert [(mutant.function, mutant.mutant) for mutant in made] == [
        ("Scale.top", "return None"),
        ("Scale.top", "return min(self.values)"),
        ("share", "if not not x:"),
        ("share", "return None"),
        ("share", returned.replace("and", "or")),
        ("share", returned.replace(">=", ">")),
        ("share", returned.replace(">=", "<")),
        ("share", returned.replace("+", "-")),
        ("share", returned.replace("0.5", "1.5")),
    ]
    assert made[-1].lines == (12, 12)


def test_a_mutant_takes_the_place_of_the_function_for_everyone(made):
    import small_module

    kept = small_module.share
    assert kept(2) == [(2, 2.5)]
    mutators.put_in(made[-1])
    assert kept(2) == [(2, 3.5)]
    scale = small_module.Scale()
    scale.values = [1, 4]
    mutators.put_in(made[1])
    assert scale.top() == 1


def test_survivors_are_explained_only_one_by_one(made):
    entry = {"module": "small_module.py", "function": "share", "statement": made[-1].statement}
    plan = {"equivalent": [entry | {"mutants": [made[-1].mutant], "why": "because\nso"}]}
    outcomes = [(made[-1], "survived"), (made[-2], "survived"), (made[0], "killed")]
    table = mutation.rows(outcomes, mutation.explanations(plan))
    assert [(row[5], row[6]) for row in table] == [
        ("explained", "because so"),
        ("survived", ""),
        ("killed", ""),
    ]
    page = mutation.page(table, {"introduction": "# Title"})
    assert "| small_module.py | 3 | 1 | 0 | 1 | 1 | 0 | 0 |" in page
    assert page.count("because so") == 1


def test_a_killed_explanation_explains_nothing(made):
    entry = {"module": "small_module.py", "function": "share", "statement": made[-1].statement}
    plan = {"equivalent": [entry | {"mutants": [made[-1].mutant], "why": "because"}]}
    assert mutation.rows([(made[-1], "killed")], mutation.explanations(plan))[0][5:] == ("killed", "")


def test_a_child_process_says_what_its_work_came_to():
    assert mutation.in_child(lambda: True, 5) == 0
    assert mutation.in_child(lambda: False, 5, quiet=True) == 1
