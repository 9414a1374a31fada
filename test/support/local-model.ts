import { join } from "node:path";
import type { Answers } from "../../lib/answers/answers.ts";
import { startLocalOrganization, type LocalOptions, type LocalOrganization } from "../../lib/local/start.ts";
import { provision, type ProvisionOutcome } from "../../lib/provision/provision.ts";
import type { ReportEvent } from "../../lib/report/reporter.ts";
import { prepareScaffold } from "../../lib/scaffold/prepare-scaffold.ts";
import { writeRepository } from "../../lib/scaffold/write-repository.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface LocalModel extends AsyncDisposable {
  readonly local: LocalOrganization;
  /** The model repository on disk. */
  readonly folder: string;
  readonly answers: Answers;
  readonly events: readonly ReportEvent[];
  provision(differences?: Partial<Answers>): Promise<ProvisionOutcome>;
  plan(): Promise<ProvisionOutcome>;
  /** Calls the organisation with node's own fetch. */
  call(method: string, path: string, body?: unknown): Promise<Json>;
}

// oxlint-disable-next-line typescript/no-explicit-any -- the shape of an answer is what a test looks at
type Json = any;

/** A model repository on disk beside an organisation of its own. */
export async function localModel(answers: Answers, options: LocalOptions = {}): Promise<LocalModel> {
  const parent = await temporaryFolder();
  const local = await startLocalOrganization(options);
  const folder = join(parent.path, answers.model_name);
  const { plan } = await prepareScaffold(answers, folder);
  await writeRepository(plan, { signal: new AbortController().signal, hasGitFolder: false });
  const events: ReportEvent[] = [];
  const run = (wanted: Answers, planOnly: boolean): Promise<ProvisionOutcome> =>
    provision({
      answers: wanted,
      folder,
      organizationUrl: local.url,
      credential: { kind: "pat", secret: local.token },
      reporter: { report: (event) => void events.push(event) },
      signal: new AbortController().signal,
      planOnly,
      confirm: () => Promise.resolve(),
    });
  return {
    local,
    folder,
    answers,
    events,
    provision: (differences = {}) => run({ ...answers, ...differences }, false),
    plan: () => run(answers, true),
    call: async (method, path, body) => {
      const response = await fetch(`${local.url}/${path}`, {
        method,
        headers: {
          authorization: `Bearer ${local.token.reveal()}`,
          accept: "application/json;api-version=7.1-preview",
          "content-type": "application/json",
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return text === "" ? undefined : JSON.parse(text);
    },
    [Symbol.asyncDispose]: async () => {
      await local[Symbol.asyncDispose]();
      await parent[Symbol.asyncDispose]();
    },
  };
}
