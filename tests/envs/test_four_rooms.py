"""Four rooms has the walls, slips and endings it claims, and its plan is the best there is."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import sparse
from scipy.sparse import linalg

from ppo_doctor.train import evaluate
from ppo_doctor.train.envs import four_rooms, make

ROOMS = {"upper left": (1, 6, 1), "upper right": (1, 7, 7), "lower left": (7, 12, 1), "lower right": (8, 12, 7)}
"""First row, row after the last, first of five columns."""
DOORS = {(3, 6), (6, 2), (7, 9), (10, 6)}
STEPS = {"up": (-1, 0), "right": (0, 1), "down": (1, 0), "left": (0, -1)}
NOWHERE = four_rooms.Noise(jnp.int32(0), jnp.int32(0))


def floor():
    """All cells, by the rooms and doorways of the paper's figure."""
    rooms = {(r, c) for top, end, left in ROOMS.values() for r in range(top, end) for c in range(left, left + 5)}
    return rooms | DOORS


def transition():
    """Odds [moves][cell][next cell] of every move as dictionaries, written from the rules."""
    cells = floor()
    table = {}
    for name in STEPS:
        for cell in cells:
            odds = dict.fromkeys(STEPS, 1 / 9) | {name: 2 / 3}
            table[name, cell] = {}
            for went, share in odds.items():
                to = (cell[0] + STEPS[went][0], cell[1] + STEPS[went][1])
                to = to if to in cells else cell
                table[name, cell][to] = table[name, cell].get(to, 0.0) + share
    return table


def at(cell, time=0):
    return four_rooms.State(jnp.int32(four_rooms.CELLS.index(cell)), jnp.int32(time))


def test_the_map_has_four_rooms_and_four_doorways():
    """104 cells, as in the paper; the first ones are a room, and the goal lies within the opposite one."""
    assert len(four_rooms.CELLS) == 104
    assert set(four_rooms.CELLS) == floor()
    assert {four_rooms.CELLS[n] for n in four_rooms.STARTS} == {(r, c) for r in range(1, 6) for c in range(1, 6)}
    assert four_rooms.CELLS[four_rooms.GOAL] == (10, 10)


def test_every_move_leads_where_the_rules_say_and_as_often():
    """All 104 cells x 4 moves; 4,000 slips put each share within 4 standard errors of 2/3 and 1/9."""
    env, table = make("four_rooms"), transition()
    noise = jax.vmap(env.draw)(jax.random.split(jax.random.key(0), 4000))
    shares = np.bincount(noise.turn, minlength=4) / 4000
    np.testing.assert_allclose(shares, [2 / 3, 1 / 9, 1 / 9, 1 / 9], atol=4 * np.sqrt(2 / 9 / 4000))
    every = jnp.arange(len(four_rooms.CELLS))

    def step(cell, action, turn):
        state = four_rooms.State(cell, jnp.int32(0))
        return env.step(four_rooms.Noise(cell, turn), state, action)[0].cell

    turns = jax.vmap(jax.vmap(jax.vmap(step, (None, None, 0)), (None, 0, None)), (0, None, None))
    led = np.asarray(turns(every, jnp.arange(4), jnp.arange(4)))
    for n, cell in enumerate(four_rooms.CELLS):
        for m, name in enumerate(STEPS):
            odds: dict = {}
            for to, share in zip(led[n, m], (2 / 3, 1 / 9, 1 / 9, 1 / 9), strict=True):
                odds[four_rooms.CELLS[to]] = odds.get(four_rooms.CELLS[to], 0.0) + share
            assert odds == pytest.approx(table[name, cell]), (cell, name)


def test_first_cells_are_even_over_the_room_and_apart_from_the_slips():
    env = make("four_rooms")
    noise = jax.vmap(env.draw)(jax.random.split(jax.random.key(1), 4000))
    counts = np.bincount(noise.first, minlength=104)[four_rooms.STARTS]
    assert counts.sum() == 4000
    assert abs(counts - 160).max() < 4 * np.sqrt(160)
    assert abs(np.corrcoef(noise.first, noise.turn)[0, 1]) < 0.06


@pytest.mark.parametrize(
    ("cell", "seen"),
    [((1, 1), (-5 / 6, -5 / 6, 1, 0, 0, 1)), ((6, 2), (0, -4 / 6, 0, 1, 0, 1)), ((3, 3), (-0.5, -0.5, 0, 0, 0, 0))],
)
def test_the_view_is_the_place_and_the_walls_beside_it(cell, seen):
    view = four_rooms.view(at(cell))
    np.testing.assert_allclose(view.obs, seen, atol=1e-6)
    assert view.mask.all()


@pytest.mark.parametrize(
    ("time", "cell", "expected"),
    [(148, (10, 8), (0, 0, -1)), (149, (10, 8), (0, 1, -1)), (149, (10, 9), (1, 0, 0))],
)
def test_the_time_limit_truncates_and_the_goal_terminates(time, cell, expected):
    """Step 150 is cut, not ended; reaching the goal on the very last step counts, and costs nothing."""
    _, out = make("four_rooms").step(NOWHERE, at(cell, time), jnp.int32(1))
    assert (int(out.terminated), int(out.truncated), float(out.reward)) == expected


def chain(policy):
    """(odds [cells, cells], number of each cell) under {cell: {move: odds}}; the goal keeps what reaches it."""
    table, cells = transition(), sorted(floor())
    number = {cell: n for n, cell in enumerate(cells)}
    odds = np.zeros((len(cells), len(cells)))
    for cell in cells:
        for name, share in policy[cell].items() if cell != (10, 10) else ():
            for to, p in table[name, cell].items():
                odds[number[cell], number[to]] += share * p
    odds[number[10, 10], number[10, 10]] = 1.0
    return odds, number


def first_room(number, values):
    return np.mean([values[number[r, c]] for r in range(1, 6) for c in range(1, 6)])


def test_the_optimum_is_what_policy_iteration_finds():
    """Without a time limit, by linear equations for the steps a policy needs: another road to the same number."""
    table, cells = transition(), sorted(floor())
    policy = {cell: dict.fromkeys(STEPS, 0.25) for cell in cells}
    for _ in range(20):
        odds, number = chain(policy)
        inside = [n for cell, n in number.items() if cell != (10, 10)]
        steps = np.zeros(len(cells))
        steps[inside] = linalg.spsolve(
            sparse.csc_array(np.eye(len(inside)) - odds[np.ix_(inside, inside)]), np.ones(len(inside))
        )
        ahead = {key: sum(p * steps[number[to]] for to, p in move.items()) for key, move in table.items()}
        policy = {cell: {min(STEPS, key=lambda name, cell=cell: ahead[name, cell]): 1.0} for cell in cells}
    # every step but the last costs 1; within 150 steps hardly an episode fails, which the limit changes by < 1e-3
    assert four_rooms.best_return() == pytest.approx(1.0 - first_room(number, steps), abs=1e-3)


def test_random_play_reaches_the_goal_in_a_few_per_cent_of_episodes():
    """Exactly, by powers of the chain, and as simulated."""
    env = make("four_rooms")
    odds, number = chain({cell: dict.fromkeys(STEPS, 0.25) for cell in floor()})
    reached = first_room(number, np.linalg.matrix_power(odds, env.max_steps)[:, number[10, 10]])
    assert 0.02 < reached < 0.06
    scores = evaluate.run_episodes(env, evaluate.random_policy(env), np.arange(2048), env.max_steps)
    simulated = np.mean(scores.returns > -env.max_steps)
    assert simulated == pytest.approx(reached, abs=4 * np.sqrt(reached / 2048))


@pytest.mark.slow
def test_ppo_comes_near_the_optimum():
    """With the documented configuration on 4 of 4 seeds: nine tenths of the way from random play to the optimum."""
    from ppo_doctor.train import ppo

    env, config = make("four_rooms"), four_rooms.CONFIGS["default"]
    random = evaluate.run_episodes(env, evaluate.random_policy(env), np.arange(256), env.max_steps).returns.mean()
    for seed in range(4):
        *_, (learner, _) = ppo.train(config, env, seed)
        agent = evaluate.Agent(config, env, learner.model, learner.norms, True)
        scores = evaluate.run_episodes(env, agent, evaluate.seed_block("report", 64), env.max_steps)
        assert scores.returns.mean() > random + 0.9 * (four_rooms.best_return() - random), f"seed {seed}"
