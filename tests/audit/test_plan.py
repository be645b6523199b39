from __future__ import annotations

import pytest

from ppo_doctor.audit.plan import contradictions
from ppo_doctor.errors import UserError
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("after", "low", "high"), [(0.01, 1, 0), (0.02, 0, 0), (0.03, 0, 1)])
def test_a_change_contradicts_the_complaint_that_it_makes_worse(after: float, low: int, high: int) -> None:
    old, new = synthetic("a", target_kl=0.02), synthetic("b", target_kl=after)
    assert len(contradictions(old, new, {"target_kl": "too low"})) == low
    assert len(contradictions(old, new, {"target_kl": "too high"})) == high


def test_a_setting_that_a_run_lacks_is_named() -> None:
    with pytest.raises(UserError, match="b: no setting target_kl"):
        contradictions(synthetic("a", target_kl=0.02), synthetic("b"), {"target_kl": "too low"})
