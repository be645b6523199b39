import numpy as np
import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.kl_negative import kl_negative
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("k1", "expected"), [(-0.01, "clean"), (-0.0101, "fired"), (0.0, "clean"), (0.5, "clean")])
def test_boundaries(k1: float, expected: str) -> None:
    assert judge(kl_negative, synthetic("a", kl_k1_mean=[k1] * 12, approx_kl_mean=[0.01] * 12)).status == expected


def test_noise_of_an_unbiased_estimate_is_no_bug() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        k1 = rng.normal(0.001, 0.01, 30)
        assert judge(kl_negative, synthetic("a", kl_k1_mean=k1.tolist(), approx_kl_mean=[0.001] * 30)).status == "clean"


def test_too_short_is_undecided() -> None:
    assert judge(kl_negative, synthetic("a", kl_k1_mean=[-1.0] * 9, approx_kl_mean=[0.01] * 9)).status == "undecided"
