"""The differential diagnosis: which causes explain what the rules said, how surely, and what to test next.

Naive Bayes over rule verdicts. A fired and a clean rule are evidence, an undecided or skipped one is none. Rules that
read the same signal are not independent witnesses: each of k counts k^-1/2, and a temperature, fitted on injected
faults, divides what is left. It spares direct rules, which compare a number that a probe, the audit of a live rollout
or the configuration gives with what it must be: those do not hang together as the symptoms of one sick run do.
Three circumstances move many rules at once and are summed over: what the environment is by nature (`nature.py`), by
which of its mechanisms a cause came about, and whether the fault is so mild that the run learns all the same.
`healthy`, `no-headroom`, `still-improving` and `unknown` always compete, and `healthy` never exceeds `unknown` (so
never one half) without positive proof of learning, nor one half where training's own return is the only proof.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np
from scipy.special import logsumexp, softmax

from ppo_doctor.diagnose import calibration as calibration_
from ppo_doctor.diagnose import kinds
from ppo_doctor.diagnose.calibration import Calibration, verdict
from ppo_doctor.diagnose.cause import LEVELS, ON_RETURNS, Cause, all_causes
from ppo_doctor.diagnose.engine import Outcome, Report, Settings, diagnose
from ppo_doctor.diagnose.finding import Severity
from ppo_doctor.diagnose.nature import NATURES, Nature
from ppo_doctor.diagnose.next_test import NextTest, best, candidates
from ppo_doctor.diagnose.rule import all_rules
from ppo_doctor.run import Run

BENIGN = ("healthy", "no-headroom", "still-improving", "unknown")
"""Causes that blame nobody: in every report, however improbable."""
FALSE_ALARM: Mapping[Severity, float] = MappingProxyType({"critical": 0.004, "warning": 0.012, "info": 0.04})
"""Severity of a rule -> probability that it fires without a reason."""
ODD = 0.001
"""The same of a rule on settings alone: it names what hardly anybody sets."""
LEAST = 0.003
"""Least probability that any other rule fires, and that it stays clean."""
SPREAD = 0.5
"""How often a rule fires under a cause that does not name it, relative to all causes that do, weighted by prior."""
MILD = 0.1
"""Share of faulty runs that learn so well all the same that their symptoms are those of a healthy run."""
TRACE, LEFT = "short-of-baseline", 0.4
"""The rule that such a run makes fire more often than a healthy one, and how often."""
SLIP = 0.0003
"""Probability that a proof fires under a cause that does not name it."""
MISSED = 0.01
"""Probability that a proof stays clean under a cause that always makes it fire: what was recomputed is seen."""
PROOF = ("return-flat", "not-above-random")
"""Rules of which one must be clean, and none have fired, before a run can be called healthy."""
COMPARED = ("not-above-random", "evaluation-does-not-follow")
"""Rules that look beyond training's own return; without a verdict of either, `healthy` is at most one half."""
DISPROOF = ("return-lost", "worse-than-first", "evaluation-does-not-follow")
"""Rules that must not have fired either."""
SHOWN = 0.005
"""Least probability of a cause in a report, the benign ones apart; the rest is counted as `unknown`."""
CLUES = 6
"""Most clues for, and most against, a suspect in a report."""
TELLING = 1.25
"""Least likelihood ratio (or its inverse) of a clue in a report."""


@dataclass(frozen=True)
class Clue:
    """What one rule says about one cause."""

    outcome: Outcome
    ratio: float
    """Probability of the verdict under the cause / under all other causes, as it was counted (damped)."""

    def sentence(self) -> str:
        """The clue in words."""
        said = "fired" if self.outcome.status == "fired" else "clean"
        return f"{self.outcome.rule.code} {self.outcome.rule.name} {said} (x{self.ratio:.2g})"


@dataclass(frozen=True)
class Suspect:
    """One cause, with what speaks for and against it."""

    cause: Cause
    probability: float
    evidence_for: tuple[Clue, ...]
    """The strongest first."""
    evidence_against: tuple[Clue, ...]
    """The strongest first."""
    next_test: NextTest | None
    """The test that tells most about this cause for its cost; None if nothing that is left would tell."""


@dataclass(frozen=True, eq=False)
class Model:
    """What every cause expects of every rule that any cause expects something of."""

    causes: tuple[Cause, ...]
    rules: tuple[str, ...]
    prior: np.ndarray
    """[causes], adds to 1."""
    fires: np.ndarray
    """[causes, rules] probability that the rule fires, if it can be decided."""
    mechanisms: np.ndarray
    """[mechanisms, causes, rules] the same of the cause as a whole, and of each of several ways it came about."""
    shares: np.ndarray
    """[mechanisms, causes] how common each is under its cause; adds to 1. What a cause has none of has 0."""
    alone: np.ndarray
    """`mechanisms` for a run with nothing but training's own return: what hides there looks healthy."""
    temperature: float
    natures: tuple[Nature, ...] = NATURES


def model(calibration: Calibration, causes: tuple[Cause, ...] | None = None) -> Model:
    """The causes' expectations, with measured counts on top of them."""
    causes = all_causes() if causes is None else causes
    counted = {rule for rows in calibration.merged.values() for rule in rows}
    rules = tuple(sorted(counted.union(*(one.levels for one in causes))))
    prior = np.array([one.prior for one in causes]) / sum(one.prior for one in causes)
    column = {rule: k for k, rule in enumerate(rules)}
    fires = _expected(causes, rules, prior, calibration)
    for i, one in enumerate(causes):
        for rule in calibration.merged.get(one.id, ()):
            fires[i, column[rule]] = calibration.smoothed(one.id, rule, fires[i, column[rule]])
    least = np.array([SLIP if rule in kinds.proofs() else ODD if rule in kinds.settings() else LEAST for rule in rules])
    fires = np.clip(fires, least, 1.0 - least)
    ways, shares = _mechanisms(causes, rules, fires, calibration)
    ways = np.clip(ways, least, 1.0 - least)
    return Model(causes, rules, prior, fires, ways, shares, _unseen(causes, rules, ways), calibration.temperature)


def _mechanisms(
    causes: tuple[Cause, ...], rules: tuple[str, ...], fires: np.ndarray, calibration: Calibration
) -> tuple[np.ndarray, np.ndarray]:
    """[mechanisms, causes, rules] and [mechanisms, causes]: as a whole first, then by each counted one of several.

    Two bugs of one cause are told from other causes by different rules: the average of both expects neither.
    """
    known = [list(calibration.counts.get(one.id, {})) for one in causes]
    known = [ways if len(ways) > 1 else [] for ways in known]
    found = np.repeat(fires[None], 1 + max((len(ways) for ways in known), default=0), axis=0)
    shares = np.array([[k <= len(ways) for ways in known] for k in range(len(found))], float)
    column = {rule: k for k, rule in enumerate(rules)}
    for i, (one, ways) in enumerate(zip(causes, known, strict=True)):
        for k, way in enumerate(ways, 1):
            for rule in calibration.counts[one.id][way]:
                found[k, i, column[rule]] = calibration.by_mechanism(one.id, way, rule, fires[i, column[rule]])
    return found, shares / shares.sum(axis=0)


def _unseen(causes: tuple[Cause, ...], rules: tuple[str, ...], ways: np.ndarray) -> np.ndarray:
    """`ways`, where causes that hide from training's own return make rules on returns say what they say of health."""
    healthy = next((k for k, one in enumerate(causes) if one.id == "healthy"), None)
    if healthy is None:
        return ways
    hidden = np.array([one.hidden for one in causes])[:, None] & np.array([rule in ON_RETURNS for rule in rules])
    return np.where(hidden, ways[:, [healthy]], ways)


def _expected(
    causes: tuple[Cause, ...], rules: tuple[str, ...], prior: np.ndarray, calibration: Calibration
) -> np.ndarray:
    """[causes, rules] probability that a rule fires: as the cause says, else a false alarm or another cause's doing.

    How often a rule fires without a reason is counted on healthy runs, and how often on broken runs that it says
    nothing about is counted over all causes that do not name it: what one-step episodes or a dead run do to a rule
    they do to it whatever the cause.
    """
    named = np.array([[one.levels.get(rule, np.nan) for rule in rules] for one in causes])
    severity: dict[str, Severity] = {rule.name: rule.severity for rule in all_rules()}
    proof = np.array([rule in kinds.proofs() for rule in rules])
    named = np.where(proof & (named >= LEVELS["always"]), 1.0 - MISSED, named)
    setting = np.array([rule in kinds.settings() for rule in rules])
    symptom = [FALSE_ALARM[severity.get(rule, "warning")] for rule in rules]
    usual = np.where(proof, SLIP, np.where(setting, ODD, symptom))
    guilty = np.array([one.id not in BENIGN for one in causes])
    weight = prior * guilty
    others = np.where(proof | setting, 0.0, SPREAD * weight @ np.nan_to_num(named) / max(weight.sum(), 1e-9))
    alarm = _counted(calibration, ["healthy"], rules, usual)
    unnamed = [[one.id for one in causes if one.id not in BENIGN and rule not in one.levels] for rule in rules]
    broken = np.array(
        [
            _counted(calibration, names, (rule,), np.array([start]))[0]
            for names, rule, start in zip(unnamed, rules, usual + others, strict=True)
        ]
    )
    innocent = np.array([one.innocent for one in causes])[:, None]
    return np.where(np.isnan(named), np.where(innocent, alarm, broken), 1.0 - (1.0 - named) * (1.0 - alarm))


def _counted(calibration: Calibration, causes: Sequence[str], rules: Sequence[str], usual: np.ndarray) -> np.ndarray:
    """[rules] how often they fire under `causes` taken together: counts on top of what is usual."""
    rows = [calibration.merged.get(cause, {}) for cause in causes]
    seen = [[row.get(rule, {}) for row in rows] for rule in rules]
    fired = [sum(one.get("fired", 0) for one in ones) for ones in seen]
    clean = [sum(one.get("clean", 0) for one in ones) for ones in seen]
    return np.array([calibration_.share(*each) for each in zip(fired, clean, usual, strict=True)])


def weights(verdicts: Mapping[str, str]) -> dict[str, float]:
    """Rule -> weight of its verdict: k^-1/2 if k rules that lead with the same signal say the same."""
    lead = kinds.leading_signals()
    sides = {rule: (lead.get(rule, rule) if lead.get(rule) != "run" else rule, said) for rule, said in verdicts.items()}
    shared = Counter(sides.values())
    return {rule: shared[side] ** -0.5 for rule, side in sides.items()}


def decided(statuses: Mapping[str, str], known: Model) -> dict[str, str]:
    """The verdicts that are evidence: fired and clean ones of rules the model knows."""
    said = {rule: verdict(statuses[rule]) for rule in known.rules if rule in statuses}
    return {rule: one for rule, one in said.items() if one != "unknown"}


def likelihoods(statuses: Mapping[str, str], known: Model) -> tuple[tuple[str, ...], np.ndarray]:
    """Decided rules, and [causes, rules] damped log-likelihood of their verdicts: the mean over the circumstances, as
    probable as each is under the cause by all the verdicts."""
    rules, log_share, evidence = _by_circumstance(statuses, known)
    probable = softmax(log_share + evidence.sum(axis=2), axis=0)
    return rules, np.einsum("nc,ncr->cr", probable, evidence)


def _by_circumstance(statuses: Mapping[str, str], known: Model) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Decided rules, [circumstances, causes] log share, [circumstances, causes, rules] damped log-likelihood.

    A circumstance is a nature of the environment and a mechanism of the cause; the first ones are those of no trait,
    the last half is all of them with a mild fault.
    """
    said = decided(statuses, known)
    columns = [known.rules.index(rule) for rule in said]
    fired = np.array([one == "fired" for one in said.values()], bool)
    warm = np.array([1.0 if rule in kinds.direct() else known.temperature for rule in said])
    weight = np.array(list(weights(said).values())) / warm
    chance = _natural((known.mechanisms if compared(statuses) else known.alone)[..., columns], said, known.natures)
    chance = np.concatenate([chance, _mild(chance, said, known)])
    natures = [one.share for one in known.natures]
    natures = np.outer([1.0 - MILD, MILD], [1.0 - sum(natures), *natures]).reshape(-1, 1, 1)
    share = (natures * known.shares).reshape(-1, len(known.causes))
    log_share = np.log(share, out=np.full_like(share, -np.inf), where=share > 0.0)
    return tuple(said), log_share, weight * np.log(np.where(fired, chance, 1.0 - chance))


def _natural(chance: np.ndarray, said: Mapping[str, str], natures: tuple[Nature, ...]) -> np.ndarray:
    """[natures * mechanisms, causes, rules] probability that a rule fires, as under the cause or else by the trait."""
    trait = np.array([[0.0] * len(said), *([one.fires.get(rule, 0.0) for rule in said] for one in natures)])
    found = 1.0 - (1.0 - chance) * (1.0 - trait[:, None, None])
    return found.reshape(len(trait) * len(chance), *chance.shape[1:])


def _mild(chance: np.ndarray, said: Mapping[str, str], known: Model) -> np.ndarray:
    """`chance` where learning goes on all the same: symptoms as in health, but the thing itself is still there."""
    ids = [one.id for one in known.causes]
    if "healthy" not in ids:
        return chance
    guilty = np.array([one not in BENIGN for one in ids])[:, None]
    symptom = np.array([rule not in kinds.facts() for rule in said], bool)
    learns = chance[:, [ids.index("healthy")]]
    learns = np.where(np.array([rule == TRACE for rule in said], bool), LEFT, learns)
    return np.where(guilty & symptom, learns, chance)


def posterior(statuses: Mapping[str, str], known: Model) -> np.ndarray:
    """[causes] probabilities, given rule -> status. `healthy` is at most as probable as its proof allows."""
    _, log_share, evidence = _by_circumstance(statuses, known)
    score = np.log(known.prior) + logsumexp(log_share + evidence.sum(axis=2), axis=0)
    probability = np.exp(score - score.max())
    probability /= probability.sum()
    ids = [one.id for one in known.causes]
    if "healthy" in ids and "unknown" in ids:
        both = [ids.index("healthy"), ids.index("unknown")]
        healthy, unknown = probability[both]
        most = (healthy + unknown) / 2 if not proven(statuses) else 1.0 if compared(statuses) else 0.5
        probability[both] = min(healthy, most), max(unknown, healthy + unknown - most)
    return probability


def proven(statuses: Mapping[str, str]) -> bool:
    """Whether there is positive proof of learning: the return rose well clear of its start, or of chance, and held."""
    said = [statuses.get(rule) for rule in PROOF]
    return "clean" in said and "fired" not in (*said, *(statuses.get(rule) for rule in DISPROOF))


def compared(statuses: Mapping[str, str]) -> bool:
    """Whether anything but training's own return was looked at: a wrong reward is climbed as well as a right one."""
    return any(statuses.get(rule) in ("fired", "clean") for rule in COMPARED)


def rank(statuses: Mapping[str, str], calibration: Calibration | None = None) -> dict[str, float]:
    """Cause -> probability, the most probable first, given rule -> status. All causes; adds to 1."""
    known = _shipped() if calibration is None else model(calibration)
    probability = posterior(statuses, known)
    order = np.argsort(-probability, kind="stable")
    return {known.causes[k].id: float(probability[k]) for k in order}


@cache
def _shipped() -> Model:
    return model(calibration_.load())


def examine(run: Run, settings: Settings | None = None, calibration: Calibration | None = None) -> Report:
    """Judge a run by every rule and rank the causes: `report.causes`, the most probable first, adding to 1."""
    report = diagnose(run, settings)
    return dataclasses.replace(
        report, causes=suspects(report, _shipped() if calibration is None else model(calibration))
    )


def suspects(report: Report, known: Model) -> tuple[Suspect, ...]:
    """The ranked causes of a report; those below `SHOWN` are counted as `unknown`."""
    statuses = {one.rule.name: one.status for one in report.outcomes}
    probability = posterior(statuses, known)
    shown = [k for k, one in enumerate(known.causes) if probability[k] >= SHOWN or one.id in BENIGN]
    rest = 1.0 - float(probability[shown].sum())
    tests = candidates(report.outcomes, report.run)
    found = []
    for k in shown:
        share = float(probability[k]) + (rest if known.causes[k].id == "unknown" else 0.0)
        test = best(tests, *_this_or_another(k, known, probability)) if probability[k] >= SHOWN else None
        found.append(Suspect(known.causes[k], share, *_clues(k, report, statuses, known), test))
    return tuple(sorted(found, key=lambda one: -one.probability))


def next_test(report: Report) -> NextTest | None:
    """The test that tells most about the most probable cause that is not `unknown`, or about the first that has one."""
    return next((one.next_test for one in report.causes if one.next_test and one.cause.id != "unknown"), None)


def _clues(
    k: int, report: Report, statuses: Mapping[str, str], known: Model
) -> tuple[tuple[Clue, ...], tuple[Clue, ...]]:
    """What speaks for cause k, and what against it, each the strongest first."""
    rules, evidence = likelihoods(statuses, known)
    prior = np.delete(known.prior, k)
    others = prior @ np.exp(np.delete(evidence, k, axis=0)) / prior.sum()
    outcomes = {one.rule.name: one for one in report.outcomes}
    clues = [Clue(outcomes[rule], float(r)) for rule, r in zip(rules, np.exp(evidence[k]) / others, strict=True)]
    speaks = sorted((one for one in clues if one.ratio >= TELLING), key=lambda one: -one.ratio)
    denies = sorted((one for one in clues if one.ratio <= 1.0 / TELLING), key=lambda one: one.ratio)
    return tuple(speaks[:CLUES]), tuple(denies[:CLUES])


def _this_or_another(k: int, known: Model, probability: np.ndarray) -> tuple[np.ndarray, tuple[str, ...], np.ndarray]:
    """The two hypotheses "cause k" and "any other": their probabilities, the rules, and what they expect of each."""
    rest = np.delete(probability, k)
    mixed = rest @ np.delete(known.fires, k, axis=0) / max(rest.sum(), 1e-12)
    pair = np.array([probability[k], rest.sum()])
    return pair / pair.sum(), known.rules, np.stack([known.fires[k], mixed])
