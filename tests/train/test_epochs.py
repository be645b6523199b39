"""The gradient steps of one rollout: trust region, clips, chunks, entropy; on a batch made by hand."""

from __future__ import annotations

import functools

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from ppo_doctor.train import epochs, loss, measure, policy, ppo, shuffle
from ppo_doctor.train.config import Config, Network, constant
from ppo_doctor.train.env import Discrete
from ppo_doctor.train.loss import ROW_STATS, Batch, Knobs
from ppo_doctor.train.rollout import Norms

ROWS, SPACE = 64, Discrete(3)
SMALL = Config(n_envs=8, n_steps=8, batch_size=16, n_epochs=4, network=Network(actor=(8,), critic=(8,)))
NORMS = Norms(None, None, None)  # nothing is normalised here
KL = ROW_STATS.index("kl_k3")


def config(**changes):
    return Config(**vars(SMALL) | changes)


def knobs(learning_rate=1e-2, ent_coef=0.01, kl_coef=1.0, reach=np.inf):
    return Knobs(*(jnp.asarray(x, jnp.float32) for x in (learning_rate, 0.2, ent_coef, 1.0, kl_coef, reach)))


@pytest.fixture(scope="module")
def model():
    fresh = policy.build(SMALL.network, SPACE, jnp.zeros(4), seed=3)
    return eqx.tree_at(lambda m: m.actor.layers[-1].weight, fresh, replace_fn=lambda w: 50.0 * w)


@pytest.fixture(scope="module")
def batch(model):
    """Rows that the model itself sampled, with advantages and targets of no particular structure."""
    rng = np.random.default_rng(0)
    normal = lambda scale, shift=0.0: jnp.asarray(rng.normal(shift, scale, ROWS), jnp.float32)  # noqa: E731
    obs, mask = jnp.asarray(rng.normal(size=(ROWS, 4)), jnp.float32), jnp.ones((ROWS, 3), bool)
    action = jnp.asarray(rng.integers(0, 3, ROWS), jnp.int32)
    log_p = jax.nn.log_softmax(model.act(obs).out)
    log_prob = jnp.take_along_axis(log_p, action[:, None], axis=1)[:, 0]
    entropy = -jnp.sum(jnp.exp(log_p) * log_p, axis=1)
    old = model.value(obs) + normal(1.0)  # the critic has moved on since
    return Batch(obs, mask, action, log_prob, old, normal(2.0, 1.0), normal(5.0, 3.0), entropy)


@functools.partial(jax.jit, static_argnums=0)
def run(settings, model, batch, k, key):
    return epochs.run(settings, SPACE, model, epochs.begin(settings, model), NORMS, batch, k, key)


def by_hand(settings, model, batch, k, key, steps):
    """The first `steps` gradient steps of `run`, one at a time."""
    state, n = epochs.begin(settings, model), settings.batch_size
    orders = [shuffle.permutation(e, ROWS) for e in jax.random.split(key, settings.n_epochs)]
    one = jax.jit(lambda m, s, rows: _step(settings, m, s, rows, k))
    for rows in jnp.concatenate(orders).reshape(-1, n)[:steps]:
        model, state = one(model, state, jax.tree.map(lambda x, rows=rows: x[rows], batch))
    return model


def _step(settings, model, state, rows, k):
    grad, _ = epochs.gradient(settings, SPACE, model, NORMS, rows, k)
    return epochs.apply(settings, model, state, grad, measure.norm(grad), k)


@functools.partial(jax.jit, static_argnums=0)
def gradient(settings, model, rows, k):
    return epochs.gradient(settings, SPACE, model, NORMS, rows, k)


def close(a, b, tolerance=1e-5):
    jax.tree.map(lambda x, y: np.testing.assert_allclose(x, y, atol=tolerance, rtol=tolerance), a, b)


def test_a_huge_learning_rate_trips_the_kl_stop_before_the_step_that_would_follow(model, batch):
    settings, key = config(target_kl=0.05, target_kl_factor=1.0), jax.random.key(1)
    moved, state, stopped, record = run(settings, model, batch, knobs(learning_rate=0.2), key)
    measured, stepped = int(record.measured.sum()), int(record.stepped.sum())
    assert stopped
    assert 1 <= stepped == measured - 1 < 16
    np.testing.assert_array_equal(record.measured, np.arange(16) < measured)
    np.testing.assert_array_equal(record.stepped, np.arange(16) < stepped)
    assert record.rows[measured - 1, KL] > 0.05  # what tripped it, measured with the weights after the steps taken
    assert np.all(record.rows[:stepped, KL] <= 0.05)
    assert int(state.count) == stepped
    close(moved, by_hand(settings, model, batch, knobs(learning_rate=0.2), key, stepped))
    stats = measure.steps(record.rows, record.grad_norm, 1.0, record.measured)
    assert stats["approx_kl_last"] == record.rows[stepped, KL]
    assert stats["approx_kl_max"] == record.rows[:measured, KL].max()
    assert float(stats["approx_kl_mean"]) == pytest.approx(float(record.rows[:measured, KL].mean()), rel=1e-5)


def test_without_a_target_every_step_is_taken(model, batch):
    _, state, stopped, record = run(SMALL, model, batch, knobs(learning_rate=0.2), jax.random.key(1))
    assert not stopped
    assert int(state.count) == record.stepped.sum() == 16


def test_the_factor_decides_how_far_beyond_the_target_the_stop_comes(model, batch):
    """With target t a divergence of 1.2 t stops at factor 1 and not at factor 1.5."""
    key, k = jax.random.key(2), knobs(learning_rate=0.01)
    kl = np.asarray(run(SMALL, model, batch, k, key)[3].rows[:, KL])
    first = int(np.argmax(kl > 0.3 * kl.max()))
    assert 0 < first < 15
    target = float(kl[first]) / 1.2
    assert kl[:first].max() < target  # so that nothing stops it earlier
    steps = [int(run(config(target_kl=target, target_kl_factor=f), model, batch, k, key)[1].count) for f in (1.0, 1.5)]
    assert steps[0] == first < steps[1]


def test_a_penalty_holds_the_policy_back(model, batch):
    settings, key = config(target_kl=0.01, target_kl_mode="penalty"), jax.random.key(3)
    kl = [float(run(settings, model, batch, knobs(0.02, kl_coef=c), key)[3].rows[-1, KL]) for c in (0.0, 1.0, 30.0)]
    free = float(run(SMALL, model, batch, knobs(0.02), key)[3].rows[-1, KL])
    assert kl[0] == pytest.approx(free, rel=1e-4)
    assert kl[0] > 1.1 * kl[1] > 2 * kl[2]


@pytest.mark.parametrize(
    ("kl", "coefficient", "expected"),
    [(0.03, 1.0, 2.0), (0.001, 1.0, 0.5), (0.01, 1.0, 1.0), (np.nan, 1.0, 1.0), (9.0, 1e4, 1e4), (0.0, 1e-4, 1e-4)],
)
def test_the_penalty_coefficient_doubles_far_above_the_target_and_halves_far_below(kl, coefficient, expected):
    settings = config(target_kl=0.01, target_kl_mode="penalty")
    zero = jnp.zeros((), jnp.int32)
    before = ppo.Controls(zero, zero, jnp.asarray(coefficient, jnp.float32), jnp.ones(()), zero, zero)
    stats = {"approx_kl_mean": jnp.asarray(kl), "gradient_steps": jnp.asarray(3.0)}
    after = ppo._controls(settings, before, stats, jnp.zeros((), bool))
    assert float(after.kl_coef) == pytest.approx(expected)
    assert float(ppo._controls(SMALL, before, stats, jnp.zeros((), bool)).kl_coef) == pytest.approx(coefficient)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"normalize_advantage": False, "entropy_jump_clip": 0.01},
        {"clip_range_vf": 0.1},
        {"target_kl": 0.1, "target_kl_mode": "penalty", "signals": False},
    ],
    ids=str,
)
def test_chunks_give_the_gradient_of_the_whole_minibatch(model, batch, changes):
    """`model` moved a little, so that ratios differ from 1 and the clips bite."""
    moved = jax.tree.map(lambda w: w + 0.1 * jnp.sin(jnp.arange(w.size, dtype=jnp.float32)).reshape(w.shape), model)
    k = knobs(ent_coef=0.5, reach=0.1)
    one, four = (config(**changes, grad_chunks=n) for n in (1, 4))
    whole, (rows, worst) = gradient(one, moved, batch, k)
    chunked, (rows_c, worst_c) = gradient(four, moved, batch, k)
    assert float(measure.norm(whole)) > 0.1
    close(chunked, whole)
    close((rows_c, worst_c), (rows, worst))


def test_advantages_are_standardised_per_minibatch_or_not_at_all(model, batch):
    """A shift and a scale of the advantages vanish only where they are standardised."""
    other = batch._replace(advantage=40.0 * batch.advantage - 7.0)
    for standard in (True, False):
        settings = config(normalize_advantage=standard)
        first, second = (gradient(settings, model, b, knobs())[0].actor for b in (batch, other))
        gap = float(measure.norm(jax.tree.map(lambda a, b: a - b, first, second)) / measure.norm(first))
        assert (gap < 1e-3) == standard


def test_the_global_norm_is_clipped_before_adam(model, batch):
    """Adam's first moment after one step is (1 - 0.9) times the gradient it was given."""
    for limit, expected in ((0.05, 0.05), (1e6, None)):
        settings = config(max_grad_norm=limit)
        grad, _ = gradient(settings, model, batch, knobs())
        size = float(measure.norm(grad))
        _, state = epochs.apply(settings, model, epochs.begin(settings, model), grad, jnp.asarray(size), knobs())
        assert size > 0.05
        assert 10 * float(measure.norm(state.mu)) == pytest.approx(expected or size, rel=1e-3)


def test_the_critic_has_its_own_multiple_of_the_learning_rate(model, batch):
    def moves(multiple):
        settings = config(critic_learning_rate=multiple)
        grad, _ = gradient(settings, model, batch, knobs())
        after, _ = epochs.apply(settings, model, epochs.begin(settings, model), grad, measure.norm(grad), knobs())
        change = jax.tree.map(lambda a, b: a - b, after, model)
        return float(measure.norm(change.actor)), float(measure.norm(change.critic))

    (actor, critic), (actor_3, critic_3) = moves(1.0), moves(3.0)
    assert actor_3 == pytest.approx(actor)
    assert critic_3 == pytest.approx(3 * critic, rel=1e-3)


def test_no_gradient_flows_where_the_ratio_is_clipped(model, batch):
    """Rows whose ratio left the range in the direction their advantage asks for; the others keep theirs."""
    shifted = batch._replace(log_prob=batch.log_prob - 0.5, advantage=jnp.abs(batch.advantage))  # ratio 1.65, A > 0
    settings = config(normalize_advantage=False)
    k = knobs(ent_coef=0.0)
    out = gradient(settings, model, shifted, k)
    assert float(measure.norm(out[0].actor)) == 0.0
    assert float(measure.ratios(out[1][1][None], k.clip_coef, jnp.ones(1))["clip_frac"]) == 1.0
    losing = shifted._replace(advantage=-shifted.advantage)
    assert float(measure.norm(gradient(settings, model, losing, k)[0].actor)) > 0.1


def test_the_value_clip_limits_how_far_a_prediction_may_move(model, batch):
    settings, value = config(clip_range_vf=1.0), model.value(batch.obs)
    trained, error = loss.value_errors(settings, model, NORMS, batch, knobs(reach=0.3))
    near = jnp.clip(value, batch.value - 0.3, batch.value + 0.3)
    np.testing.assert_allclose(error, 0.5 * (value - batch.target) ** 2, rtol=1e-5)
    np.testing.assert_allclose(trained, np.maximum(error, 0.5 * (near - batch.target) ** 2), rtol=1e-5)
    assert 0 < np.sum(trained > error) < ROWS
    assert np.all(loss.value_errors(config(), model, NORMS, batch, knobs(reach=0.3))[0] == error)  # off by default


@pytest.mark.parametrize(("jump", "flows"), [(None, True), (0.2, False), (5.0, True)])
def test_the_entropy_bonus_stops_beyond_the_jump_and_the_logged_entropy_does_not(model, batch, jump, flows):
    far = batch._replace(entropy=batch.entropy - 0.5)  # every row's entropy is 0.5 nats above the behaviour policy's
    settings = config(entropy_jump_clip=jump, normalize_advantage=False)
    still = far._replace(advantage=jnp.zeros(ROWS))  # nothing but the bonus moves the actor
    grad, (rows, _) = gradient(settings, model, still, knobs(ent_coef=1.0))
    assert (float(measure.norm(grad.actor)) > 1e-3) == flows
    if not flows:
        assert float(measure.norm(grad.actor)) == 0.0
    assert float(rows[ROW_STATS.index("entropy")]) == pytest.approx(float(batch.entropy.mean()), rel=1e-5)


@pytest.mark.parametrize(
    ("share", "boost", "expected"),
    [(0.2, 1.0, 2.0), (0.2, 1024.0, 1024.0), (0.7, 8.0, 4.0), (0.7, 1.0, 1.0), (np.nan, 8.0, 8.0)],
)
def test_the_entropy_floor_raises_the_coefficient_below_and_lets_go_above(share, boost, expected):
    zero = jnp.zeros((), jnp.int32)
    before = ppo.Controls(zero, zero, jnp.ones(()), jnp.asarray(boost, jnp.float32), zero, zero)
    stats = {"entropy_frac": jnp.asarray(share), "gradient_steps": jnp.asarray(3.0)}
    settings = config(entropy_floor=0.5, ent_coef=constant(0.01))
    after = ppo._controls(settings, before, stats, jnp.zeros((), bool))
    assert float(after.entropy_boost) == expected
    assert float(ppo.knobs(settings, after).ent_coef) == pytest.approx(0.01 * expected)


def test_every_row_takes_part_once_an_epoch(model, batch):
    """With a learning rate of 0 the mean over minibatches of any row statistic is that of the batch."""
    record = run(SMALL, model, batch, knobs(learning_rate=0.0), jax.random.key(7))[3]
    error = float(np.mean(0.5 * (model.value(batch.obs) - batch.target) ** 2))
    per_epoch = record.rows[:, ROW_STATS.index("v_loss")].reshape(4, 4).mean(axis=1)
    np.testing.assert_allclose(per_epoch, error, rtol=1e-5)
    assert len(np.unique(record.rows[:, ROW_STATS.index("v_loss")])) > 12  # epochs differ in their minibatches
