"""Every setting of the trainer, in one frozen record. Imports nothing heavy: the command line is derived from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Estimator = Literal["gae", "monte-carlo", "td-lambda", "one-step"]


@dataclass(frozen=True)
class Schedule:
    """A value over training progress p in [0, 1], from `start` to `end`.

    constant: start. linear: start + (end - start) p. exponential: start (end / start)^p.
    cosine: end + (start - end)(1 + cos(pi p)) / 2. `until`: progress at which `end` is reached and held.
    """

    start: float
    end: float = 0.0
    kind: Literal["constant", "linear", "exponential", "cosine"] = "constant"
    until: float = 1.0


def constant(value: float) -> Schedule:
    """The same value throughout training."""
    return Schedule(value, value)


@dataclass(frozen=True)
class Curriculum:
    """Moves one numeric environment parameter over training, so that the load really changes."""

    field: str
    """Name of an array field of the environment."""
    schedule: Schedule
    """Its value over training progress."""


@dataclass(frozen=True)
class Network:
    """Shape of the actor and the critic, which share no weights."""

    kind: Literal["mlp", "scorer", "attention"] = "mlp"
    """mlp: flat observation. scorer: the same network scores every item (permutation-equivariant). attention: scorer
    whose items first attend to each other. The last two need observations with `items` [n, f] and `context` [c]."""
    actor: tuple[int, ...] = (64, 64)
    """Hidden widths of the actor."""
    critic: tuple[int, ...] = (64, 64)
    """Hidden widths of the critic."""
    activation: Literal["tanh", "relu"] = "tanh"
    log_std: float = 0.0
    """Initial log standard deviation of Gaussian actions [log action units / half range]; state-independent."""
    init_scale: float = 1.0
    """Multiplies all initial weights (orthogonal, of gain sqrt 2; last layers 0.01 for the actor, 1 for the critic)."""
    squash: Literal["clip", "tanh"] = "clip"
    """How Gaussian actions meet their bounds: clip outside the policy, or tanh inside it with its Jacobian."""


@dataclass(frozen=True)
class Config:
    """What to do. Defaults: CartPole's in the large-scale studies (Andrychowicz et al. 2021; Huang et al. 2022)."""

    total_steps: int = 500_000
    """Environment steps of the whole run, all environments together."""
    n_envs: int = 8
    """Environments stepped side by side."""
    n_steps: int = 128
    """Steps of each environment per rollout; a rollout has n_envs * n_steps * agents rows."""
    batch_size: int = 256
    """Rows per gradient step; must divide the rollout."""
    n_epochs: int = 4
    """Passes over a rollout."""
    grad_chunks: int = 1
    """Split each minibatch into this many gradient-accumulation chunks, so that a chunk fits the L2 cache."""
    learning_rate: Schedule = field(default_factory=lambda: constant(2.5e-4))
    critic_learning_rate: float = 1.0
    """Critic's learning rate as a multiple of `learning_rate`."""
    adam_eps: float = 1e-5
    clip_coef: Schedule = field(default_factory=lambda: constant(0.2))
    """Clip range of the probability ratio (Schulman et al. 2017, eq. 7)."""
    clip_range_vf: float | None = None
    """Value clip around the old prediction, in units of the standard deviation of the value targets; off by default
    (no benefit found by Engstrom et al. 2020 and Andrychowicz et al. 2021)."""
    ent_coef: Schedule = field(default_factory=lambda: constant(0.01))
    """Weight of the entropy bonus [per nat]."""
    entropy_floor: float | None = None
    """Keep entropy / log(legal actions) above this: the coefficient doubles (up to x1024) below, halves back above."""
    entropy_jump_clip: float | None = None
    """Clamp of the per-sample entropy change inside the bonus [nats]; the logged entropy stays raw."""
    vf_coef: float = 0.5
    """Weight of the value loss (half the mean squared error)."""
    max_grad_norm: float = 0.5
    """Global gradient-norm clip."""
    gamma: float = 0.99
    gae_lambda: float = 0.95
    policy_target: Estimator = "gae"
    """Estimator behind the advantage."""
    critic_target: Estimator = "gae"
    """Estimator of what the critic regresses on; `gae` and `td-lambda` are both the lambda-return."""
    normalize_advantage: bool = True
    """Standardise advantages per minibatch."""
    normalize_obs: bool = False
    """Standardise observations by running statistics (clipped to +-10); the statistics travel with the checkpoint."""
    normalize_reward: bool = False
    """Divide rewards by the running standard deviation of the discounted return."""
    normalize_targets: bool = False
    """PopArt (van Hasselt et al. 2016): the critic learns standardised targets, its last layer is rescaled exactly."""
    target_kl: float | None = None
    """Trust region on k3 (Schulman 2020), measured before the step would be taken."""
    target_kl_mode: Literal["stop", "penalty"] = "stop"
    """stop: no further gradient steps in this rollout. penalty: adaptive coefficient (Schulman et al. 2017, sec. 4)."""
    target_kl_factor: float = 1.5
    """stop when k3 > factor * target_kl (1.5 as in Spinning Up and Stable-Baselines3, or 1)."""
    temperature: Schedule = field(default_factory=lambda: constant(1.0))
    """Sampling temperature; it divides the logits when acting *and* when re-evaluating."""
    pulse_temperature: float | None = None
    """Temperature during a pulse, fired when evaluation stagnates; off by default."""
    pulse_updates: int = 8
    """Length of a pulse [updates]."""
    stagnation_window: int = 10
    """Evaluations without improvement, after which the run counts as stagnant."""
    stagnation_threshold: float = 0.01
    """Improvement over the window below which it counts as none [share of the spread of evaluation returns]."""
    curriculum: Curriculum | None = None
    """Moves an environment parameter over training; validation and report environments keep their own."""
    signals: bool = True
    """Compute all diagnostic signals inside the compiled update."""
    probe_every: int = 8
    """Updates between measurements of the signals that need extra passes over the networks: gradient norm per loss
    term, half-batch cosine, mutual information, churn, action shares, entropy share, dormant units, effective rank.
    Each costs about what 200 rows of training do: fewer updates between them on short runs."""
    network: Network = field(default_factory=Network)

    @property
    def rollout_rows(self) -> int:
        """Environment steps per rollout (agents not counted)."""
        return self.n_envs * self.n_steps

    @property
    def n_updates(self) -> int:
        """Rollouts in the run: the last one may overshoot `total_steps`."""
        return max(1, -(-self.total_steps // self.rollout_rows))
