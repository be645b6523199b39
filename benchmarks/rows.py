"""What is measured: one function a row. `prepare(...)` warms up (compiles) and returns the timed part.

A timed part runs to the end (no asynchronous work left behind) and returns the environment steps it took and a mean
training return, as a sign that something was learnt. Libraries are imported inside: the worker pins itself first.
"""

import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Timed = Callable[[], tuple[int, float] | tuple[int, float, float]]
"""A third number is a ratio measured inside the process."""


@dataclass(frozen=True)
class Shape:
    """The sizes of a configuration; nets, coefficients and learning rate are the same everywhere."""

    n_envs: int
    n_steps: int
    n_epochs: int
    n_minibatches: int

    @property
    def rows(self) -> int:
        return self.n_envs * self.n_steps


SHAPES = {
    "A": Shape(8, 256, 4, 4),
    "B": Shape(8, 256, 10, 32),
    "C": Shape(64, 128, 4, 4),
    "D": Shape(64, 128, 10, 32),
}
JAX_STEPS = 1_024_000
TORCH_STEPS = {"A": 205_000, "B": 102_000, "C": 205_000, "D": 102_000}


def our_config(shape: Shape, signals: bool):
    from ppo_doctor.train.config import Config

    sizes = {"n_envs": shape.n_envs, "n_steps": shape.n_steps, "n_epochs": shape.n_epochs}
    return Config(total_steps=JAX_STEPS, batch_size=shape.rows // shape.n_minibatches, signals=signals, **sizes)


def _updates(steps: int, rows: int) -> int:
    return max(2, round(steps / rows))


def _loop(settings, env, n: int) -> Timed:
    """`ppo.update` n times in a Python loop, device to device, going on where it stopped; the first, compiling one is
    not timed."""
    import jax

    from ppo_doctor.train import ppo

    learner, _ = jax.block_until_ready(ppo.update(settings, env, ppo.init(settings, env, 0)))

    def run() -> tuple[int, float]:
        nonlocal learner
        packed = None
        for _ in range(n):
            learner, packed = ppo.update(settings, env, learner)
        jax.block_until_ready((learner, packed))
        return n * settings.rollout_rows, ppo.flatten(settings, 0, packed)["mean_ep_return"]

    return run


def ours(config: str, scale: float, signals: bool = True) -> Timed:
    """`ppo.update` in a Python loop, with every signal."""
    from ppo_doctor.train import envs

    env, settings = envs.make("cartpole"), our_config(SHAPES[config], signals)
    n = _updates(JAX_STEPS * scale, settings.rollout_rows)
    return _loop(settings, env, n)


def ours_silent(config: str, scale: float) -> Timed:
    """The same with `signals=False`."""
    return ours(config, scale, signals=False)


def signals(config: str, scale: float) -> Timed:
    """Updates with and without signals take turns in one process, a dozen at a time; the third number is without / with
    in processor time. Two processes of the same program differ by more than the signals cost."""
    import jax

    from ppo_doctor.train import envs, ppo

    env, turn = envs.make("cartpole"), 12
    settings = {on: our_config(SHAPES[config], on) for on in (True, False)}
    now = {on: jax.block_until_ready(ppo.update(x, env, ppo.init(x, env, 0)))[0] for on, x in settings.items()}
    n = max(2, _updates(JAX_STEPS * scale, SHAPES[config].rows) // turn)

    def run() -> tuple[int, float, float]:
        spent = {True: [], False: []}
        for i in range(2 * n):
            on = i % 2 == 0
            begin = time.process_time()
            for _ in range(turn):
                now[on], packed = ppo.update(settings[on], env, now[on])
            jax.block_until_ready((now[on], packed))
            spent[on].append(time.process_time() - begin)
        last = ppo.flatten(settings[False], 0, packed)["mean_ep_return"]
        return (
            2 * n * turn * SHAPES[config].rows,
            last,
            statistics.median(spent[False]) / statistics.median(spent[True]),
        )

    return run


def ours_train(config: str, scale: float) -> Timed:
    """`ppo.train`, as a user runs it: every signal of every update fetched to the host."""
    from ppo_doctor.train import envs, ppo

    env, settings = envs.make("cartpole"), our_config(SHAPES[config], True)
    n = _updates(JAX_STEPS * scale, settings.rollout_rows)
    steps = ppo.train(settings, env, seed=0)
    next(steps)

    def run() -> tuple[int, float]:
        signals: dict[str, float] = {}
        for _ in range(min(n, settings.n_updates - 1)):
            _, signals = next(steps)
        return min(n, settings.n_updates - 1) * settings.rollout_rows, signals["mean_ep_return"]

    return run


def spin(config: str, scale: float) -> Timed:
    """A loop that needs neither memory nor libraries: what a second core adds at best."""
    del config
    steps = round(5e8 * scale)

    def run() -> tuple[int, float]:
        for _ in range(steps):
            pass
        return steps, math.nan

    return run


def pure_jax(config: str, scale: float) -> Timed:
    """The single-file loop of `pure_jax_ppo.py`, compiled ahead of time."""
    import jax

    import pure_jax_ppo

    shape = SHAPES[config]
    n = _updates(JAX_STEPS * scale, shape.rows)
    sizes = (shape.n_envs, shape.n_steps, shape.n_epochs, shape.n_minibatches, n)
    inputs = (pure_jax_ppo.init_params(0), jax.random.key(0))
    program = pure_jax_ppo.train.lower(*sizes, *inputs).compile()

    def run() -> tuple[int, float]:
        _, info = jax.block_until_ready(program(*inputs))
        return n * shape.rows, float(info["returned_episode_returns"][-1].mean())

    return run


def sb3(config: str, scale: float) -> Timed:
    """Stable-Baselines3 PPO, `DummyVecEnv`, one torch thread."""
    import sb3_ppo

    shape = SHAPES[config]
    model = sb3_ppo.build(shape.n_envs, shape.n_steps, shape.n_epochs, shape.rows // shape.n_minibatches)
    model.learn(shape.rows)
    n = _updates(TORCH_STEPS[config] * scale, shape.rows) * shape.rows

    def run() -> tuple[int, float]:
        model.learn(n, reset_num_timesteps=False)
        return n, sb3_ppo.mean_return(model)

    return run


def batch_jobs(config: str, scale: float) -> Timed:
    """Masked PPO on `batch_jobs` with 64 visible jobs: 64 environments x 128 steps, 4 epochs, 8 minibatches."""
    del config
    from ppo_doctor.train import envs
    from ppo_doctor.train.config import Config, Network

    env = envs.make("batch_jobs", window=64)
    network = Network(kind="scorer", actor=(32, 16, 8), critic=(32, 32), activation="relu")
    sizes = {"n_envs": 64, "n_steps": 128, "batch_size": 1024, "n_epochs": 4, "grad_chunks": 16}
    settings = Config(total_steps=2_000_000, network=network, **sizes)
    n = _updates(163_840 * scale, settings.rollout_rows)
    return _loop(settings, env, n)


def _env_alone(name: str, scale: float, steps: int, **params) -> Timed:
    """Random legal play of 64 environments in a scan, noise drawn ahead, observations and masks computed."""
    import jax
    import jax.numpy as jnp

    from ppo_doctor.train import distribution, envs, rollout

    env, n_envs = envs.make(name, **params), 64
    keys = jax.random.split(jax.random.key(0), (steps, n_envs))
    noise = jax.jit(jax.vmap(jax.vmap(env.draw)))(keys)
    picks = distribution.draw(env.space, jax.random.key(1), (steps, n_envs))
    first = jax.jit(jax.vmap(env.reset))(jax.tree.map(lambda x: x[0], noise))

    def act(mask, u):  # the k-th legal action, k uniform
        cumulative = jnp.cumsum(mask.astype(jnp.float32))
        return jnp.sum(cumulative <= u * cumulative[-1], dtype=jnp.int32)

    @jax.jit
    def play(carry, noise, picks):
        def step(carry, x):
            (state, view), (noise, u) = carry, x
            state, out = jax.vmap(env.step)(noise, state, jax.vmap(act)(view.mask, u))
            over = out.terminated | out.truncated

            carry = rollout.renewed(env, over, (state, out.view), noise)
            seen = sum(x.sum() for x in jax.tree.leaves(carry[1].obs))
            return carry, (out.reward.sum(), seen)

        return jax.lax.scan(step, carry, (noise, picks))

    jax.block_until_ready(play(first, noise, picks))
    repeats = max(1, round(10 * scale))

    def run() -> tuple[int, float]:
        carry, total = first, 0.0
        for _ in range(repeats):
            carry, (reward, _) = jax.block_until_ready(play(carry, noise, picks))
            total += float(reward.sum())
        return repeats * steps * n_envs, total / (repeats * steps * n_envs)

    return run


def env_cartpole(config: str, scale: float) -> Timed:
    """CartPole alone."""
    del config
    return _env_alone("cartpole", 10 * scale, 4000)


def env_batch_jobs(config: str, scale: float) -> Timed:
    """`batch_jobs` alone, 64 visible jobs, at most 128 running."""
    del config
    return _env_alone("batch_jobs", scale, 1000, window=64, slots=128)


def host(config: str, scale: float) -> Timed:
    """Our learner on Gymnasium's CartPole through its `SyncVectorEnv`."""
    import jax

    from ppo_doctor.train import host as loop

    shape = SHAPES[config]
    settings = our_config(shape, True)
    n = _updates(TORCH_STEPS[config] * scale, shape.rows)
    steps = loop.train(settings, loop.vector("CartPole-v1", shape.n_envs), seed=0)
    next(steps)

    def run() -> tuple[int, float]:
        for _ in range(n):
            learner, signals = next(steps)
        jax.block_until_ready(learner)
        return n * shape.rows, float(signals["mean_ep_return"])

    return run


CARTPOLE = (ours, ours_silent, signals, ours_train, pure_jax, sb3, host)
OTHERS = (spin, batch_jobs, env_cartpole, env_batch_jobs)
ROWS = {f.__name__: f for f in (*CARTPOLE, *OTHERS)}
