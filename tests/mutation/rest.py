"""Why a mutant is not found even with the contracts: by operator, and by what is changed where that tells more."""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class Rest(NamedTuple):
    """Mutants that are left, by a pattern of their names, and why."""

    pattern: str
    reason: str


REST: Final = (
    Rest(
        r"ResolvePipelineRuntimeParams/Assign/manifest_s3_uri",
        "a placeholder stands in the expression: what it reads is not known before the deployment fills that in",
    ),
    Rest(r"PublishPredictions/Assign/publication_status", "it reads the output of another execution, whose members nobody lists"),
    Rest(
        r" misspell-member ReprocessBackfillWindows/(Assign|ItemSelector)",
        "it reads an item of the manifest, or the results of children that may have failed, whose members nobody lists",
    ),
    Rest(
        r" drop-catcher (Inspect|Read)BackfillManifest/Catch/[01] ",
        "another Catcher of the state takes the error, and fails under another name",
    ),
    Rest(r" raise-limit CheckBackfillWindows/Choices/1", "how many rounds there may be, no contract says: the scenarios do"),
    Rest(
        r" reroute \S*Start(\w+)Pipeline/Next WaitFor\1Pipeline -> Describe\1Pipeline",
        "harmless: the pipeline is asked for at once, and then as before; only the time differs",
    ),
    Rest(
        r" reroute \S*Check(\w+)PipelineStatus/Default \S+ -> Stop\1Pipeline",
        "harmless: a pipeline that has ended is told to stop, which SageMaker refuses, and the run fails as it did",
    ),
    Rest(
        r" reroute ReadMiniBatchLock/Catch",
        "harmless: the lock is released on the condition that it is the run's own, and the run fails as it did",
    ),
    Rest(
        r" reroute InspectBackfillManifest/Catch/0/Next BackfillManifestInvalid -> ReconcileBackfillWindows",
        "a backfill without a manifest succeeds with no window: that one was read, no contract asks, the scenarios do",
    ),
    Rest(
        r" reroute (ReleaseMiniBatchLock/Next|MarkPublicationFailed/Catch|SendBackfillReconciled/Catch"
        r"|ReadBackfillManifest/Catch/1)",
        "nothing is left held, running or untold; the run ends under another name, which the scenarios tell",
    ),
    Rest(
        r" drop-call ((Inspect|Read)BackfillManifest|ReprocessBackfillWindows/DescribeBackfillWindowPipeline) skipped",
        "what the call's answer sets is told as unset where it is read, after the place that was changed",
    ),
    Rest(r" drop-limit CheckTrainingDataVerifierPipelineStatus/Choices/1 ", "told at the state that nothing leads to any more"),
    Rest(
        r" drop-call \S*(Load|Read)\w+ skipped",
        "a call whose answer sets many variables: each of them is read where nothing has set it, at as many places",
    ),
    Rest(
        r" drop-call \S*Start\w+ skipped",
        "the work that is not started is still asked for: its variables are unset, and the loop belongs to the start before",
    ),
    Rest(r" drop-call ", "what the call did is missed by more than one promise, and the call's variables are unset besides"),
    Rest(
        r" drop-argument ",
        "a call without an argument that names what it is about is no release, mark or start any more: promises are broken too",
    ),
    Rest(
        r" reroute \S*Default \S*PipelineFailed -> Stop\w+Pipeline",
        "harmless: a pipeline that has ended is told to stop, which SageMaker refuses, and the run fails as it did",
    ),
    Rest(
        r" reroute ",
        "a transition into another part of the machine breaks several things that no single transition or state explains: a loop"
        " that does not count, what is read there and was not set, and the promise of the part that is left out",
    ),
    Rest(
        r" rename-(read|assignment) ",
        "the variable is read in a loop or a Choice, and what they do instead is told by more than one rule",
    ),
    Rest(
        r"template drop-(action|statement|resource) ObservabilityPolicy",
        "the policy is of five roles, and each of the five machines tells what its role lacks",
    ),
    Rest(r"template drop-policy ", "a role without its policies lacks every right: each kind of call tells what it lacks"),
    Rest(
        r"template drop-role ", "a machine without its role gets one from SAM that allows nothing: each kind of call tells that"
    ),
    Rest(
        r"template drop-(action|statement|resource) ",
        "one statement allows several calls or resources, and each kind of call tells what it lacks",
    ),
    Rest(
        r"template (drop|rename)-substitution ",
        "the placeholder is told at each place where it stands, and so is each right on what it would have named",
    ),
    Rest(r"template drop-trust-condition ", "one of two conditions still guards the role"),
    Rest(r" shorten-lease ", "no lease but the clock that it is compared with: the contract of the lock's condition tells that"),
    Rest(
        r" misspell-member ",
        "the member is one of the data's own, or its value is compared and told there as well",
    ),
    Rest(r" (change-status|drop-limit|raise-limit) ", "what the Choice does instead is told by more than one rule"),
    Rest(r" drop-(step|wait|default|catcher|release) ", "what the way does instead is told by more than one rule"),
)


def reason(name: str) -> str | None:
    """Why a mutant of this name is left."""
    return next((one.reason for one in REST if re.search(one.pattern, name)), None)
