"""Who speaks on whose examples. Every firing of a rule on another rule's example is listed here with its reason."""

from __future__ import annotations

from functools import cache

from ppo_doctor.diagnose.rule import all_rules
from ppo_doctor.testing import rules as suite

PARTIAL = {
    "return-not-recorded": "examples hold what their owner reads, mostly without a return, and of such it is true",
    "policy-still": "a profile, not a fault: it is true of every example with a tiny KL, whatever made it tiny",
    "return-flat": "a return that does not rise is what most faults do to a run, and most examples show just that",
}
"""Rules left out, with the reason."""

BOTH_TRUE: dict[tuple[str, str], str] = {
    ("clip-range-small", "clip-range-narrow"): "the clip range of the example is a thousandth, and known",
    ("entropy-bonus-dominates", "entropy-coefficient-extreme"): "the coefficient of the example is one half",
    ("ends-sooner", "still-improving"): "ending sooner is what it learns, and it still does at the end",
    ("policy-gradient-reversed", "policy-gradient-turned"): "the other sign is the farthest turn",
    ("policy-gradient-turned", "policy-gradient-reversed"): "the example is turned by having the other sign",
    ("stopped-at-once", "target-kl-tight"): "the target is what the stops contradict",
    ("stopped-at-once", "still-improving"): "one of sixty steps an update learns slowly, and still does at the end",
    ("policy-still", "kl-exactly-zero"): "the strictest case of a policy that stands still",
    ("explained-variance-low", "returns-hardly-vary"): "the critic of the example is worse than any constant",
    ("movement-without-steps", "kl-spike"): "what moves the policy without a step moves it far",
    ("rewarded-return-falls", "worse-than-first"): "the return of the example falls below its start",
    ("static-outcomes", "episode-return-zero"): "nothing is ever paid, so that the outcome never differs",
    ("worse-than-first", "rewarded-return-falls"): "the return of the example falls below its start",
    ("avoidable-noop", "return-lost"): "the example learns and then collapses: the loss itself is true",
    ("clip-range-small", "updates-too-small"): "a clip that stops every step leaves a tiny KL",
    (
        "critic-constant",
        "return-scale-large",
    ): "one symptom of two causes: the value loss of the example is large as well",
    ("drift", "return-lost"): "drift is a loss with its KL known",
    ("entropy-at-maximum", "worse-than-first"): "the example sinks while uniform, which is worse than its start",
    ("entropy-collapse", "below-baseline"): "the example collapsed half way below its baseline",
    ("explained-variance-low", "critic-constant"): "a detached critic is constant: the stricter of the two also holds",
    ("learning-rate-low", "updates-too-small"): "a low rate is why its updates are too small",
    (
        "learning-rate-zero",
        "learning-rate-extreme",
    ): "the rate that moves nothing is also far outside of any known setup",
    ("noop-collapse", "worse-than-first"): "the return of the example falls below its start",
    ("observation-uninformative", "no-headroom"): "a search that sees nothing finds no headroom, though it is there",
    ("overshoot", "return-lost"): "an overshoot is a loss with its cause known",
    ("return-scale-large", "critic-constant"): "a critic that only moves its mean is constant",
    ("return-flat", "not-above-random"): "flat at the level of random play is no better than random play",
    ("reward-needs-skill", "reward-sparse"): "a reward that needs skill is sparse; the rule adds that it exists",
    ("reward-unreached", "no-headroom"): "where nobody is paid more than another there is no headroom",
    ("static-outcomes", "entropy-at-maximum"): "nothing is ever paid, so that the policy stays uniform",
    ("std-collapses", "return-lost"): "the example learns and then collapses: the loss itself is true",
    ("one-gradient-step", "one-minibatch"): "its one step is one minibatch of one pass",
    ("one-minibatch", "batch-larger-than-rollout"): "a batch of more than the rollout is one of the rollout",
    ("discount-short", "discount-extreme"): "the discount of the example is too short for any task, this one too",
    ("worst-block-falls", "still-improving"): "the mean of the example does rise to the end",
}
"""(owner of a FIRES example, rule that fires on it too) -> why that is right."""

SILENT_FOR_ITS_OWNER: dict[tuple[str, str], str] = {
    ("one-gradient-step", "one-minibatch"): "its ten steps are few, and more than one",
    ("one-minibatch", "rollout-tiny"): "a rollout too small to be cut is a tiny one",
    ("below-baseline", "short-of-baseline"): "its look-alike settles higher, and still short of the baseline",
    ("short-of-baseline", "below-baseline"): "its look-alike settles lower",
    ("short-of-baseline", "still-improving"): "its look-alike has not settled",
    ("observation-is-noise", "observation-noise-large"): "its look-alike is noise on top of what is there",
    ("observation-noise-large", "observation-is-noise"): "its look-alike is noise with nothing beneath it",
    ("entropy-bonus-dominates", "entropy-coefficient-extreme"): "its bonus pulls little, at a coefficient of one half",
    ("discount-on-bandit", "one-decision"): "its look-alike is a bandit, too, at the right discount",
    ("critic-blind", "updates-too-small"): "its policy never moved, which is another rule's business",
    ("critic-constant", "returns-hardly-vary"): "its critic is no constant: it is much worse than one",
    ("critic-learns-in-vain", "critic-blind"): "the look-alike of a critic that learns in vain is one that is blind",
    ("episode-return-tiny", "episode-return-zero"): "nothing at all is not tiny: it is never paid",
    ("episode-return-tiny", "still-improving"): "its return is of order one, and does rise to the end",
    ("explained-variance-low", "returns-hardly-vary"): "its returns are equal, which excuses the critic",
    ("nothing-moves", "critic-learns-alone"): "its critic learns: then only the policy stands still",
    ("outcome-fixed", "episode-return-zero"): "its outcome is fixed at zero, which the owner leaves to others",
    ("advantage-leaks", "advantages-permuted"): "its look-alike is wrong in another way",
    ("advantage-leaks", "recursion-differs"): "its look-alike is wrong in another way",
    ("bootstrap-missing", "recursion-differs"): "its look-alike is wrong in another way",
    ("recursion-differs", "advantages-permuted"): "its look-alike is wrong in another way",
    (
        "learning-rate-low",
        "updates-too-small",
    ): "its updates are small at an ordinary rate: something else shrinks them",
    ("action-ignored", "action-effect-small"): "an effect that is small is one",
    ("action-ignored", "effects-unseen"): "an effect that only the return shows is one that is not seen",
    ("effects-unseen", "action-ignored"): "what does not show in the return either has no effect",
    ("ends-invented", "done-flag-lost"): "its look-alike stores no end at all",
    ("drift", "overshoot"): "the look-alike of a drift is an overshoot, and the reverse",
    ("drift", "return-lost"): "both look-alikes lose what they had learnt",
    (
        "learning-rate-zero",
        "gradient-zero",
    ): "weights stand still because no gradient comes, which is the fault to name",
    ("policy-gradient-rescaled", "policy-gradient-turned"): "its direction is wrong, which is the other rule's",
    ("policy-gradient-rescaled", "policy-gradient-reversed"): "its sign is wrong, which is the other rule's",
    ("policy-gradient-reversed", "policy-gradient-turned"): "it is turned, but not about, which is the other rule's",
    ("transitions-broken", "observations-aliased"): "its rows were overwritten, which is the other rule's",
    ("noop-collapse", "worse-than-first"): "it gets worse for another reason than waiting",
    ("features-constant", "observation-constant"): "above one half the graver rule speaks in its place",
    ("observation-constant", "features-constant"): "up to one half the milder rule speaks in its place",
    ("observation-uninformative", "no-headroom"): "it is excused because there is no headroom",
    ("one-gradient-step", "batch-larger-than-rollout"): "its batch does not fill, while epochs make many steps",
    ("overshoot", "drift"): "the look-alike of an overshoot is a drift, and the reverse",
    ("overshoot", "return-lost"): "both look-alikes lose what they had learnt",
    ("return-scale-large", "critic-constant"): "unexplained at a small scale is still unexplained",
    ("reward-ignores-actions", "action-ignored"): "actions that change nothing at all are the graver fault",
    ("reference-no-better", "reference-below-random"): "its look-alike earns even less, which is the graver fault",
    ("reward-needs-skill", "reward-sparse"): "its look-alike is a reward that nobody gets, sparse or not there at all",
    ("reward-needs-skill", "reward-unreached"): "its look-alike is a reward that nobody gets",
    ("static-outcomes", "entropy-collapse"): "it repeats itself because it is deterministic and poor",
    ("static-outcomes", "entropy-low-at-start"): "it is deterministic from its first update on",
} | {
    (owner, "still-improving"): "the example is silent because it learns, and it learns to its last point"
    for owner in (
        "below-baseline",
        "best-far-behind",
        "clip-range-small",
        "discount-unbounded",
        "dormant-units-grow",
        "drift",
        "ends-sooner",
        "many-passes",
        "noop-collapse",
        "only-timeouts",
        "ratio-leaves-range",
        "return-scale-small",
        "reward-term-dominates",
        "std-grows",
        "step-pay-huge",
        "stopped-at-once",
        "value-bias",
        "worst-block-falls",
    )
}
"""(owner of a SILENT example, rule that fires on it) -> why: a look-alike is another rule's fault."""


@cache
def talk() -> tuple[tuple[str, str, str, str, str], ...]:
    found = suite.cross_talk(all_rules())
    rows = ((owner.name, which, run.source, rule.name, status) for owner, which, run, rule, status in found)
    return tuple(row for row in rows if row[3] not in PARTIAL)


def test_no_rule_crashes_on_any_example() -> None:
    assert [row for row in talk() if row[-1] == "crashed"] == []


def test_every_second_finding_on_an_example_of_a_fault_is_reviewed() -> None:
    seen = {(owner, rule) for owner, which, _, rule, status in talk() if which == "FIRES" and status == "fired"}
    assert seen == set(BOTH_TRUE)


def test_every_finding_on_a_look_alike_is_reviewed() -> None:
    seen = {(owner, rule) for owner, which, _, rule, status in talk() if which == "SILENT" and status == "fired"}
    assert seen == set(SILENT_FOR_ITS_OWNER)


def test_every_review_gives_a_reason() -> None:
    for reason in (*BOTH_TRUE.values(), *SILENT_FOR_ITS_OWNER.values(), *PARTIAL.values()):
        assert len(reason.split()) >= 4
