"""The JSON report is strict, complete, and says the same as the text."""

from __future__ import annotations

import json
import math

import pytest

from ppo_doctor.diagnose.differential import examine
from ppo_doctor.diagnose.engine import STATUSES, diagnose
from ppo_doctor.diagnose.rule import all_rules
from ppo_doctor.report import json as json_report
from ppo_doctor.run import Run, synthetic


def rendered(run: Run) -> dict:
    return json.loads(json_report.render(diagnose(run)), parse_constant=pytest.fail)


def test_the_schema() -> None:
    report = rendered(synthetic("a", approx_kl_max=[9.0], first_ratio_error=[math.nan], invalid_frac=[0.0]))
    assert list(report) == ["run", "causes", "findings", "outcomes", "not_checked", "clean"]
    assert report["causes"] == []
    assert list(report["outcomes"]) == list(STATUSES)
    assert sum(report["outcomes"].values()) == len(all_rules())
    assert len(report["findings"]) + len(report["not_checked"]) + len(report["clean"]) == len(all_rules())
    assert {"rule", "code", "status", "reason"} == set(report["not_checked"][0])


def test_findings_carry_their_evidence_as_data() -> None:
    (found,) = rendered(synthetic("a", approx_kl_max=[9.0, 0.0]))["findings"]
    assert (found["code"], found["severity"]) == ("POL101", "warning")
    (evidence,) = found["evidence"]
    assert (evidence["observed"], evidence["relation"], evidence["limit"], evidence["steps"]) == (
        9.0,
        ">",
        1.0,
        [1000, 1000],
    )
    assert evidence["sentence"].startswith("approx_kl_max: largest 9 nats > 1")
    assert found["remedies"][0]["change"] == {"learning_rate": "x0.5"}


def test_nan_evidence_is_strict_json() -> None:
    (found,) = rendered(synthetic("a", v_loss=[math.nan]))["findings"]
    assert found["evidence"][0]["observed"] == "nan"


def test_causes_carry_probability_evidence_and_the_next_test() -> None:
    report = examine(synthetic("a", action_influence_state=0.0, action_influence_return=0.0, invalid_frac=[0.0]))
    causes = json.loads(json_report.render(report), parse_constant=pytest.fail)["causes"]
    assert [set(one) for one in causes] == [{"id", "probability", "for", "against", "next_test"}] * len(causes)
    assert sum(one["probability"] for one in causes) == pytest.approx(1.0)
    first = causes[0]
    assert first["id"] == "action-ignored"
    assert first["for"][0]["rule"] == "action-ignored"
    assert first["for"][0]["likelihood_ratio"] > 1.0
    assert first["next_test"]["gain"] > 0.0
    assert set(first["next_test"]["rules"]) <= {rule.name for rule in all_rules()}
