"""Rules are found by walking a folder; each says what it reads and explains itself."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import pytest

from ppo_doctor.diagnose import rule as module
from ppo_doctor.diagnose.rule import FAMILIES, RuleError, all_rules, find
from ppo_doctor.errors import UserError
from ppo_doctor.run import synthetic


def test_rules_come_in_the_order_of_examination() -> None:
    families = [list(FAMILIES).index(rule.family) for rule in all_rules()]
    assert families == sorted(families)
    assert families[0] == list(FAMILIES).index("log")
    assert all_rules()[-1].family == "trial"


@pytest.mark.parametrize("name", ["POL101", "pol101", "kl-spike", "kl_spike", "KL-Spike"])
def test_a_rule_is_found_by_name_or_code(name: str) -> None:
    assert find(name).code == "POL101"


def test_an_unknown_rule_names_the_nearest() -> None:
    with pytest.raises(UserError, match="unknown rule 'kl-spikes'; known: kl-spike"):
        find("kl-spikes")
    with pytest.raises(UserError, match="nonfinite"):
        find("zzz")


def test_calling_a_rule_signs_its_findings() -> None:
    rule = find("CFG101")
    (found,) = rule(9.0, 8.0)
    assert (found.rule, found.code, found.severity) == ("batch-larger-than-rollout", "CFG101", "warning")
    assert rule(8.0, 8.0) == []


def test_a_family_arrives_as_its_members() -> None:
    seen: dict[str, object] = {}

    @module.rule("POL999", severity="info")
    def probe(action_share_greedy: dict, gamma: float | None = None, system: str | None = None) -> list:
        seen.update(members=list(action_share_greedy), gamma=gamma, system=system)
        return []

    from ppo_doctor.diagnose.engine import judge

    run = synthetic("a", action_share_greedy={"0": [1.0], "1": [0.0]}, system="x")
    assert judge(probe, run).status == "clean"
    assert seen == {"members": ["0", "1"], "gamma": None, "system": "x"}
    assert judge(probe, synthetic("a")).status == "skipped"


def test_two_rules_may_not_share_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    twin = dataclasses.replace(find("POL101"), name="other")
    real = module.walk
    monkeypatch.setattr(module, "walk", lambda package: iter([twin]) if package == "theirs" else real(package))
    points = [SimpleNamespace(value="theirs")]
    monkeypatch.setattr(module.importlib.metadata, "entry_points", lambda group: points)
    with pytest.raises(RuleError, match="two rules share the code POL101"):
        all_rules.__wrapped__()


def test_rules_of_other_distributions_are_found_by_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = dataclasses.replace(find("POL101"), name="other", code="POL901")
    real = module.walk
    monkeypatch.setattr(module, "walk", lambda package: iter([theirs]) if package == "theirs" else real(package))
    monkeypatch.setattr(module.importlib.metadata, "entry_points", lambda group: [SimpleNamespace(value="theirs")])
    assert [rule.code for rule in all_rules.__wrapped__()].count("POL901") == 1
