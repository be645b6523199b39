"""One case: a variant of a world trained with several seeds, recorded as the signals a user would have."""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from benchmarks.faults import bank
from benchmarks.faults.bank import COMPILER, Variant
from benchmarks.faults.witness import TRUE_RETURN, Witness
from benchmarks.faults.worlds import World

from ppo_doctor.train import evaluate, ppo, stacked
from ppo_doctor.train.altered import limit
from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv, Box
from ppo_doctor.train.evaluate import Agent, Scores
from ppo_doctor.train.learner import HEALTHY
from ppo_doctor.train.session import eval_signals, facts

BLOCKS = 2
Row = dict[str, float]


@dataclass(frozen=True, eq=False)
class Record:
    """What came of a case, by seed."""

    rows: list[list[Row]]
    """[seeds][updates] signals as written down."""
    scalars: list[Row]
    """[seeds] numbers of the whole run."""
    own_return: np.ndarray
    """[seeds, episodes] true return at the end, where it was trained."""
    clean_return: np.ndarray
    """[seeds, episodes] the same in the healthy environment."""


class Lab:
    """A world with all its variants as branches of its programs."""

    def __init__(self, world: World, only: Sequence[str] = ()) -> None:
        self.world, self.variants = world, bank.variants(world, only)
        self.changes = bank.changes(self.variants)
        self.parts = tuple(dict.fromkeys(variant.parts for variant in self.variants))
        self.max_steps = limit(world.make())
        self.blocks = evaluate.seed_block("validation", world.episodes)

    def control(self) -> AbstractEnv:
        """The healthy environment of evaluation."""
        return self.played(self.variants[0].env)

    def played(self, env: AbstractEnv) -> AbstractEnv:
        """`env` as it is evaluated: its true return counted."""
        return bank.place(bank.inside(env, Witness), self.changes)

    def shared(self, variant: Variant) -> bool:
        """Whether the variant is a branch of the world's own program; if not, it is compiled by itself."""
        same = bank.template(self.world, variant.config) == bank.template(self.world, self.world.config)
        return same and variant.env.changes[0] in self.changes and variant.parts.evaluated is HEALTHY.evaluated

    def home(self, variant: Variant) -> tuple[Lab, Variant]:
        """Where the variant runs, and as what: here if it is a branch of this program, else in a program without any
        other fault, which compiles in a tenth of the time."""
        if self.shared(variant):
            return self, variant
        lab = Lab(self.world, [variant.fault])
        twin = next(one for one in lab.variants if (one.fault, one.strength) == (variant.fault, variant.strength))
        return lab, replace(twin, config=variant.config, parts=HEALTHY if variant.parts == HEALTHY else twin.parts)

    def run(self, variant: Variant) -> Record:
        """Train the variant, at home here, and evaluate it, as a user with this fault would have."""
        config, env = variant.config, bank.place(variant.env, self.changes)
        rows: list[list[Row]] = [[] for _ in self.world.seeds]
        seen: list[list[Row]] = [[] for _ in self.world.seeds]
        learners = None
        for done, (learners, packed) in enumerate(self._updates(variant)):
            found = _flat(packed, done, config)
            if (done + 1) % self.world.eval_every == 0 or done + 1 == config.n_updates:
                found = [a | b for a, b in zip(found, self._evaluated(variant, env, learners), strict=True)]
            for k, row in enumerate(found):
                seen[k].append(row)
                rows[k].append(dict(variant.parts.report(seen[k])))
        return Record(rows, self._scalars(variant, env), *self._truth(variant, config, learners))

    def final(self, variant: Variant) -> list[float]:
        """[seeds] the last evaluation's mean return, after training at home without a look at any signal."""
        ((learners, _),) = deque(self._updates(variant), maxlen=1)
        env = bank.place(variant.env, self.changes)
        return [row["eval_mean_return"] for row in self._evaluated(variant, env, learners)]

    def _updates(self, variant: Variant) -> Iterator[tuple[Any, Any]]:
        """(learners, signals of all seeds) after every update."""
        config, env = variant.config, bank.place(variant.env, self.changes)
        shape, which = bank.template(self.world, config), jnp.asarray(self.parts.index(variant.parts))
        given = bank.arguments(config, bank.strength_of(env), shape.n_updates)
        learners = stacked.stack([ppo.init(config, env, seed) for seed in self.world.seeds])
        for _ in range(config.n_updates):
            learners, packed = bank.update(shape, self.parts, which, given, env, learners)
            yield learners, packed

    def _play(self, variant: Variant, config: Config, env: AbstractEnv, learners: Any, temperature: Any) -> Any:
        """[seeds] (greedy, sampled) scores on the validation seeds."""
        shape = bank.template(self.world, config)
        models = (learners.model, learners.norms)
        return jax.device_get(
            play(shape, variant.parts.evaluated, self.max_steps, env, models, self.blocks, temperature)
        )

    def _evaluated(self, variant: Variant, env: AbstractEnv, learners: Any) -> Iterator[Row]:
        temperature = jnp.asarray(variant.config.temperature.start)
        scores = self._play(variant, variant.config, self.played(variant.env), learners, temperature)
        for k in range(self.world.n_seeds):
            greedy, sampled = stacked.take(scores, k)
            yield eval_signals(_stripped(greedy), _stripped(sampled), BLOCKS, isinstance(env.space, Box))

    def _truth(self, variant: Variant, config: Config, learners: Any) -> tuple[np.ndarray, np.ndarray]:
        """[seeds, episodes] true returns of the greedy policy where it was trained and in the healthy environment."""
        healthy = Variant("", 0.0, "", "control", variant.env, config, HEALTHY)
        same_shape = variant.env.changes[0] in self.changes
        places = [self.played(variant.env), self.control() if same_shape else self.played(variant.env)]
        scores = [self._play(healthy, config, env, learners, jnp.ones(()))[0] for env in places]
        own, clean = (np.asarray(score.metrics[TRUE_RETURN]) for score in scores)
        return own, clean

    def _scalars(self, variant: Variant, env: AbstractEnv) -> list[Row]:
        """References and facts that a user would have recorded."""
        returns = jax.device_get(random_play(self.max_steps, self.played(variant.env), self.blocks).returns)
        found = facts(variant.config, env, self.max_steps) | {"random_return": float(returns.mean())}
        found |= {"random_return_std": float(returns.std())}
        return [dict(found) for _ in self.world.seeds]


def _flat(packed: Any, done: int, config: Config) -> list[Row]:
    """Every seed's signals of one update."""
    host = jax.device_get(packed)
    extra = {"env_steps": float((done + 1) * config.rollout_rows)}
    return [ppo.flatten(config, done, stacked.take(host, k)) | extra for k in range(len(host.values))]


def _stripped(scores: Scores) -> Scores:
    """Without the metric that only the benchmark sees."""
    return scores._replace(metrics={name: x for name, x in scores.metrics.items() if name != TRUE_RETURN})


@functools.partial(jax.jit, static_argnums=(0, 1, 2), compiler_options=COMPILER)
def play(config: Config, evaluated: Any, max_steps: int, env: Any, models: Any, seeds: Any, temperature: Any) -> Any:
    """[learners] (greedy, sampled) scores."""

    def one(model: Any, norms: Any) -> Any:
        def scores(greedy: bool) -> Scores:
            return evaluate._episodes(
                env, evaluated(Agent(config, env, model, norms, greedy, temperature)), seeds, max_steps
            )

        return scores(True), scores(False)

    return jax.vmap(one)(*models)


@functools.partial(jax.jit, static_argnums=0, compiler_options=COMPILER)
def random_play(max_steps: int, env: Any, seeds: Any) -> Scores:
    """Scores of uniformly random legal actions."""
    return evaluate._episodes(env, evaluate.random_policy(env), jnp.asarray(seeds, jnp.uint32), max_steps)
