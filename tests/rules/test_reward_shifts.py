import numpy as np
import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.reward_shifts import reward_shifts
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("kl", "expected"), [(1e-3, "fired"), (1.1e-3, "clean"), (0.0, "fired")])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_boundaries(kl: float, expected: str, sign: float) -> None:
    values = [0.0, 0.1, -0.1, 0.1] * 2 + [5.0 * sign, 5.1 * sign, 4.9 * sign, 5.0 * sign] * 2
    assert judge(reward_shifts, synthetic("a", reward_mean=values, approx_kl_max=[kl] * 16)).status == expected


def test_noise_rarely_breaks() -> None:
    rng = np.random.default_rng(0)
    runs = (synthetic("a", reward_mean=rng.normal(size=30).tolist(), approx_kl_max=[0.0] * 30) for _ in range(200))
    assert sum(judge(reward_shifts, run).status == "fired" for run in runs) == 0
