import { decidePlatform } from "./decide-platform.ts";
import { decideTeam } from "./decide-team.ts";
import type { Decision } from "./decision.ts";
import { placeDecisions } from "./place-decisions.ts";
import { isSafePath } from "./safe-path.ts";
import type { UpdateInput, UpdatePlan } from "./update-plan.ts";
import { pairVersions, type Versions } from "./versions.ts";

/** Merges three trees: the same plan for the same input, and nothing of either side lost outside a conflict that it names. */
export function planUpdate(input: UpdateInput): UpdatePlan {
  refuseUnsafePaths(input);
  const decided = pairVersions(input).map((versions) => ({ versions, decision: decide(versions, input) }));
  return { entries: placeDecisions(decided) };
}

/** Templates and baselines were checked where they were read; what a plan writes stays inside the repository even so. */
function refuseUnsafePaths({ base, theirs }: UpdateInput): void {
  for (const path of [...base.keys(), ...theirs.keys()]) {
    if (!isSafePath(path)) throw new Error(`A template makes the unsafe path ${JSON.stringify(path)}.`);
  }
}

function decide(versions: Versions, input: UpdateInput): Decision {
  const { base, ours, theirs } = versions;
  const paths = [theirs, ours, base].flatMap((entry) => (entry === undefined ? [] : [entry.path]));
  if (paths.some((path) => input.released.has(path))) {
    return { verdict: "released", reason: "The team took it over.", after: ours };
  }
  const path = (theirs ?? base ?? ours)?.path ?? "";
  return input.ownerOf(path) === "team" ? decideTeam(versions, input) : decidePlatform(versions, input);
}
