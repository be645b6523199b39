"""`ppo-doctor rules` lists what there is."""

from __future__ import annotations

import json

import pytest

from ppo_doctor import cli
from ppo_doctor.diagnose.rule import FAMILIES, all_rules
from ppo_doctor.report.text import TITLES


def test_the_list_holds_every_rule_with_its_thresholds(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [one["code"] for one in listed] == [rule.code for rule in all_rules()]
    spike = next(one for one in listed if one["name"] == "kl-spike")
    assert spike["thresholds"]["limit"] == 0.1
    assert spike["reads"] == ["approx_kl_max"]
    assert "approx_kl_last" in spike["stand_ins"]["approx_kl_max"]


def test_the_table_names_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules"]) == 0
    out = capsys.readouterr().out
    assert [rule.code for rule in all_rules() if rule.code not in out] == []


def test_every_family_has_a_title_and_a_rule() -> None:
    assert set(TITLES) == set(FAMILIES) == {rule.family for rule in all_rules()}
