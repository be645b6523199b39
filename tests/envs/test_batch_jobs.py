"""The batch-job environment against an independent simulator, hand-computed schedules and the published figures."""

import dataclasses
import random
import runpy
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from ppo_doctor.errors import UserError
from ppo_doctor.train import envs, evaluate, ppo, rlscheduler, schedules, swf
from ppo_doctor.train.baselines import batch_jobs as baselines
from ppo_doctor.train.config import Config, Network
from ppo_doctor.train.envs.batch_jobs import REWARDS, SPLITS, from_jobs, make

oracle = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("oracle_batch_jobs.py"))))
PROCS, N, WINDOW, EPISODES = 8, 24, 6, 64
MODES = {"list": (False, False), "hold": (True, False), "backfill": (True, True)}


def trace(submit, run, procs, request=None, processors=4):
    columns = [np.asarray(x, np.int64) for x in (submit, run, request or run, procs)]
    return swf.Jobs("made up", processors, *columns, dropped={})


@cache
def crowded():
    """Jobs in bursts, with ties in every quantity and wrong requests."""
    r = np.random.default_rng(7)
    n = EPISODES * N
    submit = np.cumsum(r.choice([0, 0, 1, 5, 40], n))
    run, request = r.choice([1, 5, 10, 30, 60], n), r.choice([5, 10, 30, 60], n)
    return trace(submit, run, r.choice([1, 1, 2, 3, 5, 8], n), list(request), PROCS)


@eqx.filter_jit
def _follow(env, rows, actions):
    def one(row, actions):
        def step(carry, action):
            state, view = carry
            after, out = env.step(jnp.zeros(()), state, action)
            over = state.cluster.started == env.n_jobs
            sums = jax.tree.map(lambda x: jnp.where(over, 0.0, x), (out.metrics, out.reward_terms, out.reward))
            kept = jax.tree.map(lambda a, b: jnp.where(over, b, a), (after, out.view), (state, view))
            return kept, (view, state.cluster.clock, state.cluster.free, out.terminated, *sums)

        return jax.lax.scan(step, env.begin(row), actions)

    (state, _), seen = jax.vmap(one)(rows, actions)
    return state, seen


def follow(env, actions):
    """The last states [n], and of every step [n, t]: view, clock and free processors before it, end, metrics, reward
    terms, reward. What comes after an end counts nothing. Row i of `actions` is played from row i of the pool."""
    actions = jnp.asarray(actions, jnp.int32)
    state, seen = jax.device_get(_follow(env, jnp.arange(len(actions)), actions))
    names = ("view", "clock", "free", "end", "metrics", "terms", "reward")
    return state, SimpleNamespace(**dict(zip(names, seen, strict=True)))


def simulate(mode, episode, window=WINDOW, slots=PROCS):
    jobs = crowded()
    part = slice(episode * N, (episode + 1) * N)
    rows = zip(
        jobs.submit[part] - jobs.submit[part][0], jobs.run[part], jobs.request[part], jobs.procs[part], strict=True
    )
    listed = [dict(zip(("submit", "run", "request", "procs"), map(int, row), strict=True)) for row in rows]
    chance = random.Random(episode)
    if mode == "list":
        return oracle.play(listed, PROCS, window, slots, lambda s, options: chance.choice(options))
    return oracle.play_holding(
        listed, PROCS, window, slots, lambda s, options: chance.choice(options), mode == "backfill"
    )


@pytest.mark.parametrize(
    ("mode", "window", "slots"), [("list", 6, 8), ("list", 24, 3), ("hold", 6, 8), ("backfill", 6, 8)]
)
def test_equals_the_independent_simulator(mode, window, slots):
    """Random legal play in crowded episodes: masks, clock and free processors at every decision, and all starts."""
    hold, backfill = MODES[mode]
    settings = {"n_jobs": N, "window": window, "slots": slots, "hold": hold, "backfill": backfill, "record": True}
    env = from_jobs(crowded(), np.arange(EPISODES) * N, **settings)
    truth = [simulate(mode, episode, window, slots) for episode in range(EPISODES)]
    actions = np.zeros((EPISODES, env.max_steps), np.int32)
    for row, s in enumerate(truth):
        actions[row, : len(s.decisions)] = [d["action"] for d in s.decisions]
    state, seen = follow(env, actions)
    for row, s in enumerate(truth):
        steps = len(s.decisions)
        assert [set(np.flatnonzero(m).tolist()) for m in seen.view.mask[row, :steps]] == [
            d["options"] for d in s.decisions
        ]
        assert seen.clock[row, :steps].tolist() == [d["now"] for d in s.decisions]
        assert seen.free[row, :steps].tolist() == [d["free"] for d in s.decisions]
        assert seen.end[row, :steps].tolist() == [False] * (steps - 1) + [True]
        assert state.cluster.begun[row].tolist() == [s.begun[j] for j in range(N)]
        makespan, work = max(map(s.end, s.begun)), sum(job["run"] * job["procs"] for job in s.jobs)
        totals = {name: x[row].sum() for name, x in seen.metrics.items()}
        assert totals["bounded_slowdown"] == pytest.approx(oracle.mean_bounded_slowdown(s), rel=1e-5)
        assert totals["makespan"] == makespan
        assert totals["utilisation"] == pytest.approx(work / makespan / PROCS)
        assert totals["noop"] == sum(d["action"] == 0 for d in s.decisions)
        assert totals["invalid"] == 0


def three(jobs, **params):
    """Three jobs on four processors; one shape for all tests by hand."""
    return from_jobs(jobs, np.array([0]), **({"n_jobs": 3, "window": 3, "record": True} | params))


def run_by_hand(env, actions):
    """Metrics and reward terms of one episode, summed, and the start times."""
    state, seen = follow(env, [actions + [0] * (8 - len(actions))])
    sums = jax.tree.map(lambda x: float(x[0].sum()), (seen.metrics, seen.terms))
    return *sums, state.cluster.begun[0].tolist()


# Four processors. A (100 s on 3) and B (4 s on 2) come at 0, C (20 s on 1) at 10.
THREE = {"submit": [0, 0, 10], "run": [100, 4, 20], "procs": [3, 2, 1]}


def test_a_schedule_computed_by_hand():
    """A at 0; C at 10; B at 100: bounded slowdowns 1, (100 + 4) / 10, 1; A, B, C end at 100, 104, 30."""
    # start A; wait for C; start C (slot 2, B is still first); wait for C's end; wait for A's end; start B
    metrics, terms, begun = run_by_hand(three(trace(**THREE), deadline=2.0), [1, 0, 2, 0, 0, 1])
    assert begun == [0, 100, 10]
    assert metrics["bounded_slowdown"] == pytest.approx((1 + 10.4 + 1) / 3)
    assert metrics["wait"] == pytest.approx(100 / 3)
    assert metrics["makespan"] == 104
    assert metrics["utilisation"] == pytest.approx((300 + 8 + 20) / (4 * 104))
    assert metrics["deadline_misses"] == 1  # B should end by 2 x max(4, 10) s
    assert (metrics["noop"], metrics["avoidable_noop"], metrics["invalid"]) == (3, 0, 0)
    assert terms == {"slowdown": pytest.approx(-(1 + 10.4 + 1) / 3)}


def test_an_avoidable_noop_is_counted():
    """Something else came first: A ends, C is never started while it could be."""
    metrics, _, begun = run_by_hand(three(trace(**THREE)), [1, 0, 0, 2, 1])
    assert begun == [0, 100, 100]
    assert (metrics["noop"], metrics["avoidable_noop"]) == (2, 1)
    assert metrics["feasible"] == 4


def test_short_jobs_count_ten_seconds():
    """Bounded slowdown of a 2 s job: 1 up to 8 s of waiting, then (wait + run) / 10."""
    metrics, _, begun = run_by_hand(three(trace([0, 0, 0], [8, 9, 2], [4, 4, 4])), [1, 0, 1, 0, 1])
    assert begun == [0, 8, 17]
    assert metrics["bounded_slowdown"] == pytest.approx((1 + 1.7 + 1.9) / 3)


def test_illegal_actions_are_counted_and_harmless():
    """B does not fit after A, and slot 3 is empty: both attempts let time pass."""
    metrics, _, begun = run_by_hand(three(trace(**THREE)), [1, 1, 2, 3, 0, 1])
    assert metrics["invalid"] == 2
    assert begun == [0, 100, 10]


def test_the_noop_is_illegal_when_nothing_can_happen():
    """All jobs waiting, nothing running: time would run to infinity."""
    _, view = three(trace([0, 0, 0], [5, 5, 5], [2, 2, 4])).begin(jnp.int32(0))
    assert view.mask.tolist() == [False, True, True, True]


def test_run_times_are_hidden():
    """Other run times with the same requests: the views before any job ends stay the same."""
    jobs = trace([0, 0, 10], [50, 9, 2], [3, 2, 1], [60, 60, 60])
    other = dataclasses.replace(jobs, run=np.array([30, 1, 40]))
    views = [follow(three(one), [[1] + [0] * 7])[1].view for one in (jobs, other)]
    before = [jax.tree.map(lambda x: x[:, :3], view) for view in views]
    assert jax.tree.all(jax.tree.map(np.array_equal, *before))
    assert not jax.tree.all(jax.tree.map(np.array_equal, *views))


def test_the_slowdown_can_be_charged_while_it_grows():
    """Both ways to charge add up to the same return, and the accruing one is never charged later."""
    both = [three(trace(**THREE), reward=reward) for reward in ("slowdown", "slowdown-accrued")]
    late, early = (follow(env, [[1, 0, 2, 0, 0, 1, 0, 0]])[1].reward[0] for env in both)
    at_reset = 2 / 3  # A and B as if started at once: charged before the first action
    assert late.sum() == pytest.approx(early.sum() - at_reset)
    assert early[4] < 0 == late[4]


def test_reward_is_the_sum_of_all_its_terms():
    names = sorted({name for weights in REWARDS.values() for name in weights})
    env = from_jobs(crowded(), np.arange(EPISODES) * N, n_jobs=N, window=WINDOW, record=True)
    env = dataclasses.replace(env, weights={name: jnp.float32(1 + i) for i, name in enumerate(names)})
    seen = follow(env, np.tile([1, 0], (EPISODES, 36)))[1]
    assert np.isfinite(seen.reward).all()
    assert np.allclose(seen.reward, sum(seen.terms.values()), rtol=1e-5, atol=1e-5)
    assert all(np.any(term != 0) for term in seen.terms.values())


def test_the_reference_cancels_its_own_schedule():
    """A policy that schedules like its reference earns nothing; a worse one loses its excess, in its units."""
    env = from_jobs(crowded(), np.arange(8) * N, n_jobs=N, window=WINDOW, reward="slowdown-vs-sjf")
    sjf, ljf = (schedules.play(env, baselines.by_rank(env, name)).slowdown().mean(axis=1) for name in ("sjf", "ljf"))
    assert earned(env, "sjf") == pytest.approx(np.zeros(8), abs=1e-5)
    assert earned(env, "ljf") == pytest.approx(1 - ljf / sjf, abs=1e-4)


def earned(env, name):
    policy = baselines.by_rank(env, name)

    def one(row):
        def step(carry, _):
            state, view = carry
            after, out = env.step(jnp.zeros(()), state, policy(jax.random.key(0), state, view))
            return (after, out.view), jnp.where(state.cluster.started == env.n_jobs, 0.0, out.reward)

        return jax.lax.scan(step, env.begin(row), None, length=env.max_steps)[1].sum()

    return np.asarray(jax.jit(jax.vmap(one))(jnp.arange(len(env.starts))))


@pytest.mark.parametrize("name", ["f1", "saf"])
def test_a_policy_starts_as_its_prior(name):
    """Before any training the greedy schedule is the heuristic's; without a prior it is not."""
    settings = {"n_jobs": N, "window": N, "hold": True}
    network = Network("scorer", (8,), (8,), "relu")
    for prior, same in ((name, True), ("", False)):
        env = from_jobs(crowded(), np.arange(EPISODES) * N, prior=prior, **settings)
        learner = ppo.init(Config(n_envs=2, n_steps=4, batch_size=8, network=network), env, 0)
        agent = evaluate.Agent(Config(network=network), env, learner.model, learner.norms, greedy=True)
        ours, theirs = (schedules.play(env, policy).begun for policy in (agent, baselines.by_rank(env, name)))
        assert np.array_equal(ours, theirs) == same


def test_the_prior_falls_with_the_place_in_the_queue():
    """Three wait behind a running job: -scale log(1 + place) each, by request; nothing for the no-op."""
    env = three(trace([0, 0, 0], [9, 9, 9], [4, 4, 4], [30, 10, 20]), prior="sjf", prior_scale=2.0)
    view = env.begin(jnp.int32(0))[1]
    assert np.allclose(view.obs["prior"], -2.0 * np.log([1, 3, 1, 2]))


def test_a_wide_window_sees_the_same_prior():
    """Wide windows are sorted, narrow ones compared pair by pair."""
    settings = {"n_jobs": N, "prior": "saf", "slots": 3, "record": True}
    both = (from_jobs(crowded(), np.arange(EPISODES) * N, window=w, **settings) for w in (24, 200))
    narrow, wide = (follow(env, np.tile([1, 0], (EPISODES, 36)))[1].view for env in both)
    here = narrow.mask[..., 1:] | (narrow.obs["items"][..., 1, 1:] != 0)
    assert 0 < here.sum() < here.size
    assert np.array_equal(narrow.obs["prior"][..., 1:][here], wide.obs["prior"][..., 1:25][here])


def test_padding_is_invisible():
    """Columns of empty slots are zero, and a wider window changes nothing else."""
    settings = {"n_jobs": N, "slots": 3, "record": True}
    narrow, wide = (from_jobs(crowded(), np.arange(EPISODES) * N, window=w, **settings) for w in (24, 40))
    seen = [follow(env, np.tile([1, 0], (EPISODES, 36)))[1].view.obs for env in (narrow, wide)]
    a, b = (obs["items"] for obs in seen)
    assert (b[..., 25:] == 0).all()
    assert np.allclose(a, b[..., :25], atol=1e-6)
    assert np.allclose(seen[0]["context"], seen[1]["context"], atol=1e-6)
    waiting = a[..., 1, 1:] != 0
    assert (np.moveaxis(a[..., 1:], -2, -1)[~waiting] == 0).all()
    assert 0 < waiting.sum() < waiting.size


def test_load_changes_the_arrivals():
    """Twice the load halves the times between arrivals; load 1 leaves every second as it is."""
    jobs = trace([3, 13, 24, 1003], [1] * 4, [1] * 4)
    for load, times in ((1.0, [0, 10, 21, 1000]), (2.0, [0, 5, 10, 500]), (0.5, [0, 20, 42, 2000])):
        env = from_jobs(jobs, np.array([0]), n_jobs=4, load=load)
        cluster = env.cluster(jnp.int32(0))
        state = env.begin(jnp.int32(0))[0].cluster
        assert [int(cluster.arrival(state, jnp.int32(j))) for j in range(4)] == times


def test_splits_are_disjoint_in_time():
    """No job belongs to two splits, none is left over at the seams' inner side."""
    spans = []
    for split in SPLITS:
        env = make(split, n_jobs=256)
        starts = np.asarray(env.starts)
        spans.append((starts.min(), starts.max() + 256))
    assert spans == [(0, 6000), (6000, 7500), (7500, 10000)]
    assert len(np.asarray(make("report", pool=100).starts)) == 100


@pytest.mark.parametrize("mode", MODES)
def test_the_bound_holds_for_every_policy(mode):
    hold, backfill = MODES[mode]
    env = from_jobs(crowded(), np.arange(EPISODES) * N, n_jobs=N, hold=hold, backfill=backfill)
    noise = (np.arange(EPISODES) + 0.5) / EPISODES
    bound = baselines.bound(env, noise)
    assert (bound >= 1).all()
    assert bound.mean() > 1.1
    for policy in baselines.policies(env).values():
        assert (schedules.play(env, policy).slowdown().mean(axis=1) >= bound - 1e-9).all()


def test_the_bound_is_exact_where_nothing_overlaps():
    env = from_jobs(trace([0, 100, 200], [10, 20, 30], [4, 4, 4]), np.array([0]), n_jobs=3)
    assert baselines.bound(env, np.float32(0.5)) == pytest.approx(1.0)


def test_easy_never_delays_the_oldest_job():
    """A runs to 100 on 3 of 4. B (4 processors) is reserved for 100. C (50 s) may overtake, D (200 s) may not."""
    jobs = trace([0, 0, 0, 0], [100, 10, 200, 50], [3, 4, 1, 1])
    env = from_jobs(jobs, np.array([0]), n_jobs=4, window=4)
    assert schedules.play(env, baselines.Easy(env)).begun.tolist() == [[0, 100, 110, 0]]
    jobs = trace([0, 0, 0, 0], [100, 10, 200, 50], [3, 3, 1, 1])  # B leaves one processor: D may take it
    env = from_jobs(jobs, np.array([0]), n_jobs=4, window=4)
    assert schedules.play(env, baselines.Easy(env)).begun.tolist() == [[0, 100, 0, 110]]


def first_choices(jobs):
    """Which of the waiting jobs each baseline starts once job 0 has ended and all others have come."""
    env = from_jobs(jobs, np.array([0]), n_jobs=len(jobs), window=4)
    begun = {name: schedules.play(env, policy).begun[0] for name, policy in baselines.policies(env).items()}
    return {name: int(np.argmin(times[1:])) + 1 for name, times in begun.items() if name != "rand_feas_no0"}


def test_heuristics_rank_as_their_formulas_say():
    """Job 0 holds the machine until 1000; no two others fit together. At 1000 the others have waited 990, 980, 970 and
    10 s. WFP3: 107.8, 352.9, 57042, 0.024. UNICEP: 2.08, 3.09, 12.1, 0.13. F1 (submission near 10^6 s): a constant
    + .00038 x submission + log10(request) x size = 7.43, 6.90, 6.41, 5.10."""
    submit = 1_000_000 + np.array([0, 10, 20, 30, 990])
    jobs = trace(submit, [1000, 300, 200, 40, 50], [4, 3, 3, 4, 3])
    chosen = {"fcfs": 1, "sjf": 3, "ljf": 1, "saf": 4, "wfp3": 3, "unicep": 3, "f1": 4, "easy": 1}
    assert first_choices(jobs) == chosen


@pytest.mark.parametrize("backfill", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_the_published_table_is_reproduced_to_the_digit(backfill):
    """FCFS, SJF, F1 and the faulty WFP3 and UNICEP on all three traces: two decimals, as printed."""
    for trace_name in rlscheduler.TRACES:
        env = rlscheduler.environment(trace_name, backfill=backfill)
        published = rlscheduler.PUBLISHED[trace_name, backfill]
        for name, policy in rlscheduler.heuristics(env).items():
            if name not in ("wfp3", "unicep"):
                mean = rlscheduler.evaluate(env, policy).slowdown.mean()
                assert f"{mean:.2f}" == f"{published[name.rstrip('*')]:.2f}", (trace_name, name)


def test_corrected_heuristics_and_utilisation_of_the_protocol():
    """The corrected WFP3 and UNICEP on Lublin-1, and FCFS's published utilisation .657."""
    env = rlscheduler.environment("lublin-1", backfill=False)
    policies = rlscheduler.heuristics(env)
    assert rlscheduler.evaluate(env, policies["wfp3"]).slowdown.mean() == pytest.approx(337.3, abs=0.1)
    assert rlscheduler.evaluate(env, policies["unicep"]).slowdown.mean() == pytest.approx(381.7, abs=0.1)
    assert f"{rlscheduler.evaluate(env, policies['fcfs']).utilisation.mean():.3f}" == "0.657"


def test_the_protocols_windows():
    """gym's np_random(1), drawn ten times from 10,000 jobs; every window begins behind the first 1024 jobs."""
    starts = rlscheduler.starts(swf.read(swf.locate("lublin-1")))
    assert len(starts) == 10
    assert 1024 <= starts.min() <= starts.max() < 10_000 - 1025


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"trace": "lublin-9"}, "no trace 'lublin-9'"),
        ({"split": "test"}, "no split 'test'"),
        ({"reward": "fame"}, "no reward 'fame'"),
        ({"prior": "fame"}, "no prior 'fame'"),
        ({"reward": "slowdown-vs-luck"}, "no heuristic 'luck'"),
        ({"n_jobs": 5000}, "too few"),
        ({"window": 0}, "at least 1"),
        ({"load": 0.0}, "positive"),
        ({"hold": True, "slots": 8}, "slot per processor"),
    ],
)
def test_bad_parameters_get_one_clear_line(params, message):
    with pytest.raises(UserError, match=message) as error:
        envs.make("batch_jobs", **({"split": "validation"} | params))
    assert "\n" not in str(error.value)
