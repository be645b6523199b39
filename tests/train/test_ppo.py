"""Whole updates: equal ratios, refusals, adaptive coefficients, determinism, seeds side by side, one-line errors."""

from __future__ import annotations

import dataclasses

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from ppo_doctor.errors import UserError
from ppo_doctor.train import checkpoint, envs, measure, ppo
from ppo_doctor.train.config import Config, Curriculum, Network, Schedule, constant
from ppo_doctor.train.env import AbstractEnv, Discrete, Step, View
from ppo_doctor.train.loss import Batch

SMALL = Config(
    total_steps=10_000,
    n_envs=4,
    n_steps=16,
    batch_size=32,
    n_epochs=2,
    learning_rate=constant(1e-2),
    probe_every=1,
    network=Network(actor=(8,), critic=(8,)),
)
PLAIN = dataclasses.replace(SMALL, signals=False)


def updates(config, env, n, seed=0, learner=None):
    """Signals of `n` updates as plain dicts, and the learner after them."""
    learner, rows = learner or ppo.init(config, env, seed), []
    for k in range(n):
        learner, packed = ppo.update(config, env, learner)
        rows.append(ppo.flatten(config, k, packed))
    return rows, learner


def same(a, b):
    jax.tree.map(np.testing.assert_array_equal, a, b)


RATIO = {
    "discrete": ("cartpole", {}),
    "parts, masks, temperature": ("probe_parts", {"temperature": constant(2.0), "entropy_jump_clip": 0.1}),
    "agents, chunks": ("probe_agents", {"batch_size": 48, "grad_chunks": 2}),
    "gaussian, temperature": ("pendulum", {"temperature": constant(2.0)}),
    "observations": ("pendulum", {"normalize_obs": True}),
    "targets, rewards": ("pendulum", {"normalize_targets": True, "normalize_reward": True, "clip_range_vf": 0.2}),
}


@pytest.mark.parametrize("case", RATIO)
def test_the_first_minibatch_has_ratio_one(case):
    """The distribution that is optimised is the one that acted, to float error, also after weights have moved."""
    system, changes = RATIO[case]
    rows, _ = updates(dataclasses.replace(SMALL, **changes), envs.make(system), 2)
    for row in rows:
        assert 0 <= row["first_ratio_error"] < 1e-5
        assert row["approx_kl_max"] > 1e-6  # and later minibatches do move
        assert row["refused"] == 0


@pytest.fixture(scope="module")
def two_runs():
    """The same five updates of CartPole twice, another seed's, and the two seeds' as one vmapped program."""
    env = envs.make("cartpole")
    alone = [updates(SMALL, env, 5, seed)[0] for seed in (0, 0, 1)]
    stacked = jax.tree.map(lambda *x: jnp.stack(x), *(ppo.init(SMALL, env, seed) for seed in (0, 1)))
    together, update = [], jax.jit(jax.vmap(lambda learner: ppo.update_one(SMALL, env, learner)))
    for k in range(5):
        stacked, packed = update(stacked)
        together.append([ppo.flatten(SMALL, k, jax.tree.map(lambda x, n=n: x[n], packed)) for n in range(2)])
    return alone, together


def test_a_seed_decides_every_bit(two_runs):
    (first, again, other), _ = two_runs
    for a, b in zip(first, again, strict=True):
        assert list(a) == list(b)
        same(list(a.values()), list(b.values()))
    assert first[0]["pg_loss"] != other[0]["pg_loss"]


def test_seeds_side_by_side_equal_seeds_one_by_one(two_runs):
    (first, _, other), together = two_runs
    for n, run in enumerate((first, other)):
        for row, stacked in zip(run, (rows[n] for rows in together), strict=True):
            assert list(row) == list(stacked)
            values = np.array(list(row.values()))
            np.testing.assert_allclose(list(stacked.values()), values, rtol=1e-3, atol=1e-4, equal_nan=True)


def test_signals_only_watch(two_runs):
    """Without them the same weights are learned."""
    rows, _ = updates(PLAIN, envs.make("cartpole"), 5)
    for row, watched in zip(rows, two_runs[0][0], strict=True):
        assert len(row) < len(watched) - 20
        for name in ("pg_loss", "v_loss", "entropy", "approx_kl_last", "grad_norm", "mean_ep_return"):
            assert row[name] == pytest.approx(watched[name], rel=1e-3, abs=1e-5, nan_ok=True)


def test_counters_and_signals_of_an_update_add_up(two_runs):
    (rows, _, _), _ = two_runs
    for k, row in enumerate(rows):
        assert row["updates"] == k + 1
        assert row["gradient_steps"] == 4 * (k + 1)  # 64 rows / 32 x 2 epochs
        assert row["optimiser_steps"] == row["gradient_steps"]
        assert row["epochs_run"] == 2
        assert row["learning_rate"] == pytest.approx(1e-2)
        assert row["action_share_sampled/0"] + row["action_share_sampled/1"] == pytest.approx(1)
        assert row["entropy"] <= np.log(2) + 1e-6
        assert row["reward_term/upright"] == row["reward_mean"] == 1


def test_the_kl_stop_ends_an_update_and_the_next_one_goes_on():
    config = dataclasses.replace(PLAIN, target_kl=0.02, target_kl_factor=1.0, n_epochs=8, learning_rate=constant(0.1))
    rows, learner = updates(config, envs.make("cartpole"), 3)
    taken = np.diff([0] + [row["gradient_steps"] for row in rows])
    assert learner.optimiser.count == rows[-1]["gradient_steps"]
    assert np.all(taken >= 1)  # the first minibatch is always below: nothing has moved yet
    for row, steps in zip(rows, taken, strict=True):
        assert row["early_stopped"] == (steps < 16)
        assert row["epochs_run"] == steps / 2
        assert (row["approx_kl_last"] > 0.02) == (steps < 16)
        assert row["approx_kl_max"] >= row["approx_kl_last"]
    assert sum(row["early_stopped"] for row in rows) >= 1


def test_a_nan_reward_is_refused_bit_for_bit_and_named():
    env, bad = (envs.make("probe_value", reward=x) for x in (1.0, float("nan")))
    config = dataclasses.replace(PLAIN, normalize_obs=True, normalize_reward=True, normalize_targets=True)
    _, learner = updates(config, env, 2)
    before = checkpoint.copy(learner)
    (row,), learner = updates(config, bad, 1, learner=learner)
    for name in ("model", "optimiser", "norms"):
        same(getattr(learner, name), getattr(before, name))
    assert row["refused"] == 1
    assert row["nonfinite/reward"] == row["nonfinite/advantage"] == 64
    assert row["nonfinite/obs"] == row["nonfinite/log_prob"] == row["nonfinite/value"] == 0
    assert row["nonfinite_count"] == sum(x for name, x in row.items() if name.startswith("nonfinite/"))
    assert row["gradient_steps"] == before.controls.gradient_steps == learner.optimiser.count  # none were kept
    assert not np.array_equal(jax.random.key_data(learner.key), jax.random.key_data(before.key))  # not the same again
    (row,), learner = updates(config, env, 1, learner=learner)
    assert row["refused"] == 0
    assert learner.controls.refusals == 0
    assert not np.array_equal(learner.model.critic.last.bias, before.model.critic.last.bias)


def test_training_stops_with_one_line_after_three_refusals_in_a_row():
    env, seen = envs.make("probe_value", reward=float("nan")), []
    with pytest.raises(UserError, match=r"3 updates in a row .* first in reward") as caught:
        for _, signals in ppo.train(PLAIN, env, 0):
            seen.append(signals["refused"])
    assert seen == [1, 1, 1]
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("rate", "reward", "culprit"), [(1e-2, 1e25, "gradient"), (3e38, 1.0, "weights")])
def test_numbers_beyond_float32_are_refused_where_they_arise(rate, reward, culprit):
    """A squared error, or weights after a step, that overflow: the weights before are kept."""
    config = dataclasses.replace(
        PLAIN, learning_rate=constant(rate), critic_learning_rate=100.0, batch_size=64, n_epochs=1
    )
    env = envs.make("probe_value", reward=reward)
    before = ppo.init(config, env, 0)
    (row,), learner = updates(config, env, 1)
    assert row["refused"] == 1
    assert row[f"nonfinite/{culprit}"] > 0
    same(learner.model, before.model)


class Spike(AbstractEnv):
    """Never ends; reward 1 per step, NaN in the given step."""

    at: int = eqx.field(static=True, default=3)

    @property
    def space(self):
        return Discrete(2)

    def draw(self, key):
        return jax.random.uniform(key)

    def reset(self, noise):
        return jnp.zeros(()), View(jnp.zeros(1), jnp.ones(2, bool))

    def step(self, noise, state, action):
        reward, no = jnp.where(state == self.at, jnp.nan, 1.0), jnp.zeros((), bool)
        return state + 1, Step(View(jnp.zeros(1), jnp.ones(2, bool)), reward, no, no, {}, {"one": reward})


def test_one_bad_reward_costs_one_update_even_in_an_endless_episode():
    """What is carried from rollout to rollout, the discounted return behind the reward scale, must not keep the NaN."""
    rows, _ = updates(dataclasses.replace(PLAIN, normalize_reward=True), Spike(), 2)
    assert [row["refused"] for row in rows] == [1, 0]


def test_adaptive_coefficients_move_from_update_to_update():
    """Learning rate 0: no divergence (the penalty halves), entropy below an impossible floor (the bonus doubles)."""
    config = dataclasses.replace(
        SMALL,
        learning_rate=constant(0.0),
        target_kl=0.01,
        target_kl_mode="penalty",
        entropy_floor=2.0,
        ent_coef=Schedule(0.01, 0.0, "linear"),
        total_steps=4 * 64,
    )
    rows, _ = updates(config, envs.make("cartpole"), 4)
    assert [row["kl_penalty_coef"] for row in rows] == pytest.approx([1, 0.5, 0.25, 0.125])
    assert [row["ent_coef_value"] for row in rows] == pytest.approx([0.01, 0.0075 * 2, 0.005 * 4, 0.0025 * 8])


@pytest.fixture(scope="module")
def pulse():
    """Four updates of a policy that prefers action 1, at learning rate 0; a pulse of two is started after the first."""
    config = dataclasses.replace(
        SMALL, learning_rate=constant(0.0), temperature=constant(1.0), pulse_temperature=8.0, n_steps=64, batch_size=256
    )
    env = envs.make("cartpole")
    learner = ppo.init(config, env, 0)
    bias = lambda m: m.actor.layers[-1].bias  # noqa: E731
    learner = learner._replace(model=eqx.tree_at(bias, learner.model, jnp.array([0.0, 3.0])))
    first, learner = updates(config, env, 1, learner=learner)
    learner = learner._replace(controls=learner.controls._replace(pulse_left=jnp.asarray(2)))
    rest, learner = updates(config, env, 3, learner=learner)
    return first + rest, learner


def test_a_pulse_heats_sampling_for_its_updates_and_ratios_stay_one(pulse):
    rows, learner = pulse
    assert [row["temperature"] for row in rows] == [1, 8, 8, 1]
    assert learner.controls.pulse_left == 0
    for row, temperature in zip(rows, (1, 8, 8, 1), strict=True):
        p = 1 / (1 + np.exp(3 / temperature))
        assert row["entropy"] == pytest.approx(-p * np.log(p) - (1 - p) * np.log(1 - p), abs=0.02)
        assert row["action_share_sampled/0"] == pytest.approx(p, abs=5 * np.sqrt(p * (1 - p) / 128))
        assert row["first_ratio_error"] < 1e-5


def test_a_curriculum_changes_the_environment_without_a_new_compilation():
    traces = []

    class Counted(Spike):
        pay: jax.Array = eqx.field(default_factory=lambda: jnp.float32(9.0))

        def step(self, noise, state, action):
            traces.append(1)
            after, out = super().step(noise, state, action)
            return after, out._replace(reward=self.pay, reward_terms={"pay": self.pay})

    plan = Curriculum("pay", Schedule(1.0, 3.0, "linear", until=0.5))
    config = dataclasses.replace(PLAIN, total_steps=8 * 64, curriculum=plan)
    (first, *rest), learner = updates(config, Counted(), 2)
    count = len(traces)
    rest += updates(config, Counted(), 6, learner=learner)[0]
    assert [row["reward_mean"] for row in (first, *rest)] == pytest.approx([1, 1.5, 2, 2.5, 3, 3, 3, 3])
    assert len(traces) == count


def test_the_reach_of_the_value_clip_is_in_units_of_the_spread_of_the_targets(monkeypatch):
    """Rewards 10 times as large, reach 10 times as far."""

    class CaughtError(Exception):
        pass

    def spy(config, space, model, state, norms, batch, k, *_):
        raise CaughtError(float(k.value_reach), float(jnp.std(batch.target)))

    monkeypatch.setattr(ppo.epochs, "run", spy)
    config, reaches = dataclasses.replace(PLAIN, clip_range_vf=0.2, gamma=0.0, n_steps=4, batch_size=16), []
    for size in (1.0, 10.0):
        env = envs.make("probe_action", rewards=(-size, size))
        with pytest.raises(CaughtError) as caught:
            ppo.update_one(config, env, ppo.init(config, env, 0))
        reach, spread = caught.value.args
        assert reach == pytest.approx(0.2 * spread, rel=1e-5)
        reaches.append(reach)
    assert reaches[1] == pytest.approx(10 * reaches[0], rel=1e-5)


def test_reward_terms_are_logged_in_reward_units_also_where_rewards_are_scaled():
    config = dataclasses.replace(SMALL, normalize_reward=True)
    rows, _ = updates(config, envs.make("pendulum"), 2)
    for row in rows:
        terms = sum(x for name, x in row.items() if name.startswith("reward_term/"))
        assert terms == pytest.approx(row["reward_mean"], rel=1e-4)


def test_probed_rows_come_from_every_environment_and_agent():
    for steps, columns in ((128, 8), (64, 48), (16, 4), (128, 1), (1, 7)):
        rows = np.arange(steps * columns)
        probe = np.asarray(measure.probe_rows(Batch(*[jnp.asarray(rows)] * 8)).action)
        assert len(np.unique(probe)) == len(probe) == min(128, rows.size)
        assert len(np.unique(probe % columns)) == columns
        halves = np.array_split(probe // columns, 2)
        if steps > 32:  # both halves see the whole time
            assert all(half.min() < 0.1 * steps and half.max() > 0.9 * steps for half in halves)


ERRORS = [
    ({"batch_size": 48}, "cartpole", "batch_size 48 must divide the rollout of 64 rows .* such as 32"),
    ({"batch_size": 128}, "cartpole", "use a divisor such as 64"),
    ({"batch_size": 30, "grad_chunks": 4, "n_steps": 15}, "cartpole", "grad_chunks 4 must divide batch_size 30"),
    ({"n_envs": 0}, "cartpole", "at least 1"),
    ({"n_epochs": 0}, "cartpole", "at least 1"),
    ({"probe_every": 0}, "cartpole", "at least 1"),
    ({"normalize_obs": True, "network": Network("scorer")}, "cartpole", "normalize_obs needs a flat observation"),
    ({"entropy_floor": 0.5}, "pendulum", "entropy_floor needs discrete actions"),
    ({"temperature": constant(0.0)}, "cartpole", "temperature must be above 0"),
    ({"temperature": Schedule(1.0, 0.0, "linear")}, "cartpole", "temperature must be above 0"),
    ({"pulse_temperature": 0.0}, "cartpole", "pulse_temperature must be above 0"),
    ({"learning_rate": Schedule(1e-3, 0.0, "exponential")}, "cartpole", "learning_rate .* exponential .* above 0"),
    ({"ent_coef": Schedule(0.1, 0.0, "linear", until=0.0)}, "cartpole", "ent_coef.until must be above 0"),
    ({"curriculum": Curriculum("gravity", constant(1.0))}, "cartpole", "'gravity' is not a field of CartPole"),
    ({"curriculum": Curriculum("max_steps", constant(1.0))}, "cartpole", "'max_steps' .* not a real number"),
    ({"curriculum": Curriculum("space", constant(1.0))}, "cartpole", "'space' is not a field"),
    ({"curriculum": Curriculum("rewards", constant(1.0))}, "probe_action", "'rewards' .* not a real number"),
    ({"curriculum": Curriculum("reward", Schedule(1.0, 0.0, "exponential"))}, "probe_value", "curriculum.schedule"),
    ({"gamma": 1.5}, "cartpole", "gamma and gae_lambda must be between 0 and 1"),
    ({"gae_lambda": -0.1}, "cartpole", "gamma and gae_lambda must be between 0 and 1"),
    ({"gamma": float("nan")}, "cartpole", "gamma and gae_lambda must be between 0 and 1"),
    ({"learning_rate": constant(-1e-3)}, "cartpole", "learning_rate must not be negative"),
    ({"learning_rate": Schedule(1e-3, -1e-3, "linear")}, "cartpole", "learning_rate must not be negative"),
    ({"learning_rate": constant(float("nan"))}, "cartpole", "learning_rate must be finite"),
    ({"learning_rate": Schedule(1e-3, float("inf"), "linear")}, "cartpole", "learning_rate must be finite"),
    ({"learning_rate": Schedule(1e-3, 0.0, "linear", until=float("nan"))}, "cartpole", "learning_rate.until must be"),
    ({"clip_coef": constant(-0.2)}, "cartpole", "clip_coef must not be negative"),
    ({"ent_coef": constant(float("nan"))}, "cartpole", "ent_coef must be finite"),
    ({"target_kl": float("nan")}, "cartpole", "target_kl must be above 0"),
    ({"vf_coef": -0.5}, "cartpole", "vf_coef must not be negative"),
    ({"vf_coef": float("nan")}, "cartpole", "vf_coef must not be negative"),
    ({"adam_eps": -1e-8}, "cartpole", "adam_eps must not be negative"),
    ({"critic_learning_rate": -1.0}, "cartpole", "critic_learning_rate must not be negative"),
    ({"network": Network(actor=(8, 0))}, "cartpole", "network.actor .* at least 1"),
    ({"network": Network(critic=(-3,))}, "cartpole", "network.critic .* at least 1"),
    ({"network": Network("scorer", actor=())}, "cartpole", "'scorer' needs a hidden layer"),
    ({"network": Network(log_std=float("nan"))}, "pendulum", "network.log_std must be finite"),
]


@pytest.mark.parametrize(("changes", "system", "words"), ERRORS, ids=lambda x: str(x)[:40])
def test_settings_that_cannot_work_are_one_clear_line(changes, system, words):
    with pytest.raises(UserError, match=words) as caught:
        ppo.init(dataclasses.replace(SMALL, **changes), envs.make(system), 0)
    assert "\n" not in str(caught.value)
