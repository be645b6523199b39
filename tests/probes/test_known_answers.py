"""Every probe against answers worked out by hand, on environments with one known fault each."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest

from ppo_doctor.errors import UserError
from ppo_doctor.testing import broken
from ppo_doctor.train import probes
from ppo_doctor.train.hosted import Hosted
from ppo_doctor.train.lab import Lab
from ppo_doctor.train.probes.observation_audit import often

STEPS = 4  # of an episode of `Signs`; its rewards are 0.25 and 1.25 with equal odds


def test_the_healthy_environment_acts_pays_and_moves(measure) -> None:
    said = measure("Signs", "action_influence", "state_dynamics", "determinism", "workload_variation", "episode_ends")
    assert said["action_influence_state"] == 0.0  # the next sign does not depend on the action
    assert said["action_influence_reward"] == 1.0
    # Var(return | seed) = Var(return) = 4 / 4; 64 seeds x 4 plays estimate the ratio to about 8 %
    assert said["action_influence_return"] == pytest.approx(1.0, abs=0.1)
    assert said["state_changes"] == said["determinism"] == 1.0
    assert said["workload_varies"] == pytest.approx(1 - 2.0**-5, abs=0.03)  # five signs are seen
    assert said["segment_length"] == STEPS
    assert said["timeout_share"] == 0.0


def test_rewards_of_the_healthy_environment(measure) -> None:
    said = measure("Signs", "reward_terms", "reward_occurrence", "constant_actions")
    assert said["reward_terms_dead"] == 0.5  # the bonus
    assert said["reward_term_share_max"] == pytest.approx(1.0)
    assert said["reward_occurrence"] == pytest.approx(1 - 2.0**-STEPS, abs=0.1)
    assert said["break_even_posterior"] == pytest.approx(0.5)  # a match gains what a miss loses
    assert said["posterior_reached"] == 1.0
    assert said["better_elsewhere_frac"] == pytest.approx(0.5, abs=0.1)
    assert said["constant_action_return"] == pytest.approx(3.0, abs=0.6)  # 32 episodes of sd 1


def test_headroom_is_in_standard_deviations_of_random_play(measure) -> None:
    said = measure("Signs", "headroom")
    assert said["best_baseline_return"] == pytest.approx(5.0)
    assert said["headroom"] == pytest.approx((5.0 - said["random_return"]) / said["random_return_std"])
    assert said["headroom"] == pytest.approx(2.0, abs=0.8)
    assert said["headroom_low"] < said["headroom"] < said["headroom_high"]


def test_the_observation_of_the_healthy_environment_tells_all(measure) -> None:
    said = measure("Signs", "observability", "observation_audit")
    assert said["observation_predicts_action"] == pytest.approx(1.0, abs=1e-6)
    assert said["observation_predicts_reward"] > 0.99
    assert said["obs_constant_frac"] == said["obs_noise_ratio"] == 0.0
    assert said["obs_scale_spread"] == pytest.approx(1.0 / np.std([0, 0.25, 0.5, 0.75, 1.0]), rel=0.05)


def test_a_flag_that_is_hardly_ever_set_tells_no_scale() -> None:
    t = np.arange(100.0)
    columns = np.stack([t, t % 2, t == 7, np.zeros(100)], axis=1)
    assert often(columns).tolist() == [True, True, False, False]


def test_the_ceiling_of_explained_variance_follows_from_total_variance(measure) -> None:
    powers = 0.99 ** np.arange(STEPS)
    within = np.mean([0.25 * (powers[:k] ** 2).sum() for k in range(1, STEPS + 1)])
    between = np.var([0.75 * powers[:k].sum() for k in range(1, STEPS + 1)])
    assert measure("Signs", "ev_ceiling")["ev_ceiling"] == pytest.approx(between / (between + within), abs=0.08)


def test_an_action_that_is_never_read_has_no_influence(measure) -> None:
    said = measure("Signs", "action_influence", "reward_terms", "headroom", read=False)
    assert said["action_influence_state"] == said["action_influence_reward"] == said["action_influence_return"] == 0.0
    assert said["reward_terms_dead"] == 1.0
    assert said["headroom_low"] < 0.2


def test_a_frozen_observation_never_changes(measure) -> None:
    said = measure("Signs", "state_dynamics", "observation_audit", frozen=True)
    assert said["state_changes"] == 0.0
    assert said["obs_constant_frac"] == 1.0


def test_one_instance_for_all_seeds_does_not_vary(measure) -> None:
    assert measure("Signs", "workload_variation", static=True)["workload_varies"] == 0.0


def test_a_constant_reward_does_not_occur(measure) -> None:
    said = measure("Signs", "reward_occurrence", "action_influence", "headroom", pay=0.5)
    assert said["reward_occurrence"] == said["action_influence_return"] == said["headroom"] == 0.0


def test_what_is_hidden_cannot_be_predicted_although_there_is_headroom(measure) -> None:
    said = measure("Signs", "observability", "headroom", "constant_actions", "observation_audit", hide=True)
    assert said["observation_predicts_action"] < 0.25
    assert said["observation_predicts_reward"] < 0.05
    assert said["headroom"] > 1.0
    assert said["posterior_reached"] < 0.8
    assert said["obs_constant_frac"] == 0.5


def test_a_time_limit_is_told_from_an_end(measure) -> None:
    assert measure("Signs", "episode_ends", limit=True)["timeout_share"] == 1.0


class Silent(gymnasium.Wrapper):
    """Says nothing of ends."""

    def step(self, action):
        obs, reward, _, _, info = self.env.step(action)
        return obs, reward, False, False, info


@pytest.mark.parametrize(("silent", "share"), [(False, 0.0), (True, 1.0)])
def test_a_declared_time_limit_is_held_against_what_happens(silent, share) -> None:
    env = gymnasium.make("MountainCar-v0", max_episode_steps=20)
    lab = Lab(Hosted("car", Silent(env) if silent else env), 2_000)
    (found,) = probes.run(lab, ["episode_ends"])
    assert (found.signals["overrun_frac"], found.signals["segment_length"]) == (share, 20.0)


def test_what_declares_no_time_limit_cannot_overrun_it(measure) -> None:
    assert "overrun_frac" not in measure("Signs", "episode_ends")


def test_added_noise_is_measured_and_not_taken_for_influence(measure) -> None:
    said = measure("Signs", "observation_audit", "action_influence", noise=0.48, claim=0.48)
    assert said["obs_noise_std"] == pytest.approx(0.48, rel=0.1)
    # half-way between 0.48 / 1 (sign) and 0.48 / 0.354 (clock)
    assert said["obs_noise_ratio"] == pytest.approx((0.48 + 0.48 / 0.354) / 2, rel=0.25)
    assert said["obs_noise_declared"] == 0.48
    assert said["action_influence_state"] == 0.0


def test_noise_that_is_declared_and_not_added_measures_zero(measure) -> None:
    said = measure("Signs", "observation_audit", claim=0.48)
    assert said["obs_noise_std"] == 0.0
    assert said["obs_noise_declared"] == 0.48


def test_every_step_terminal_leaves_no_dynamics_to_measure(measure) -> None:
    assert measure("Signs", "episode_ends", steps=1)["segment_length"] == 1.0
    assert measure("Signs", "state_dynamics", steps=1) == {}


@pytest.mark.parametrize(("fault", "how"), [("stale", "mask_stale_frac"), ("shifted", "mask_shifted_frac")])
def test_a_wrong_mask_is_found_and_its_kind_named(measure, fault: str, how: str) -> None:
    said = measure("Doors", "mask_consistency", fault=fault)
    assert said[how] == 1.0
    if fault == "shifted":
        assert said["mask_mismatch_frac"] == 0.5  # the shut door and its neighbour, of four
    else:
        assert 0.0 < said["mask_mismatch_frac"] < 0.5  # the first mask of an episode is right


def test_a_right_mask_is_right(measure) -> None:
    assert measure("Doors", "mask_consistency")["mask_mismatch_frac"] == 0.0


def test_replay_measures_what_copies_measure(measure) -> None:
    assert Hosted("a", broken.Uncopied()).branching == "replay"
    chosen = ("action_influence", "ev_ceiling", "reward_terms", "observability")
    assert measure("Uncopied", *chosen) == measure("Signs", *chosen)


def test_without_seeds_and_copies_forks_are_refused_with_the_reason(measure) -> None:
    assert measure("Unseeded", "determinism")["determinism"] < 0.01
    assert measure("Unseeded", "action_influence") == {}
    assert "obs_scale_spread" in measure("Unseeded", "observation_audit")


@pytest.mark.parametrize(
    ("env", "words"),
    [
        (lambda: broken.Raises(), "step() raised KeyError: 'queue'"),
        (lambda: broken.Wrong(np.zeros(3)), "its shape is (3,), the space says (2,)"),
        (lambda: broken.Wrong(np.array([0.0, np.nan])), "is not finite (feature 1)"),
    ],
)
def test_an_environment_that_breaks_is_one_line(env, words: str) -> None:
    with pytest.raises(UserError, match="bad: ") as error:
        Hosted("bad", env()).play(np.arange(2), np.arange(2), 4)
    assert words in str(error.value)
    assert "\n" not in str(error.value)
