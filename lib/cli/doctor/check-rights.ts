import type { DevOpsHttp } from "../../devops/http.ts";
import { listIn, valueIn } from "../../devops/json.ts";
import { EacError } from "../../errors/eac-error.ts";
import type { Named } from "../../provision/remote-state.ts";
import { findingOf, ok, type Finding } from "./finding.ts";

/** What provisioning reads, below the project; each has a scope of its own. */
const areas = [
  { name: "repositories", path: "git/repositories" },
  { name: "branch policies", path: "policy/configurations" },
  { name: "pipelines", path: "build/definitions" },
  { name: "variable groups", path: "distributedtask/variablegroups" },
  { name: "environments", path: "distributedtask/environments" },
  { name: "areas", path: "wit/classificationnodes/areas" },
] as const;

/** Namespaces and bits of the service; `token` names what they are about. */
const permissions = [
  {
    name: "create repositories and push",
    securityNamespaceId: "2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87",
    permissions: 256 + 4,
    token: (id: string): string => `repoV2/${id}`,
  },
  {
    name: "edit branch policies",
    securityNamespaceId: "2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87",
    permissions: 2048,
    token: (id: string): string => `repoV2/${id}`,
  },
  {
    name: "edit pipelines",
    securityNamespaceId: "33344d9c-fc72-4d6f-aba5-fa317101a7e9",
    permissions: 2048,
    token: (id: string): string => id,
  },
  {
    name: "edit project-level information, for the team",
    securityNamespaceId: "52d39943-cb85-4d7f-8fa8-c6baac873819",
    permissions: 2,
    token: (id: string): string => `$PROJECT:vstfs:///Classification/TeamProject/${id}`,
  },
];

const page = "docs/how-to/provision-a-project.md lists what provisioning needs.";

/** What the token may do, as far as it can be known without writing anything. */
export async function checkRights(http: DevOpsHttp, project: Named): Promise<readonly Finding[]> {
  const [reading, allowed] = await Promise.all([
    checkReading(http, project),
    checkPermissions(http, project),
  ]);
  const unknown = {
    topic: "not known",
    text: "whether the token has scopes to write; whether its owner may make areas, variable groups and environments",
    hint: page,
  };
  return [...reading, ...allowed, { ...unknown, level: "ok" }];
}

async function checkReading(http: DevOpsHttp, project: Named): Promise<readonly Finding[]> {
  const answers = await Promise.all(
    areas.map(async ({ name, path }): Promise<Finding | string> => {
      try {
        const what = `read the ${name} of ${project.name}`;
        const { status } = await http.send({ method: "GET", path: `${project.id}/_apis/${path}`, what });
        if (status !== 404) return name;
        return { topic: "reading", level: "problem", text: `${name} were not found`, hint: page };
      } catch (error) {
        return findingOf("reading", error);
      }
    }),
  );
  const read = answers.filter((answer) => typeof answer === "string");
  const refused = answers.filter((answer) => typeof answer !== "string");
  return [...(read.length === 0 ? [] : [ok("reading", read.join(", "))]), ...refused];
}

/** A POST that changes nothing: the service is asked what the one who asks may do. */
async function checkPermissions(http: DevOpsHttp, { id }: Named): Promise<readonly Finding[]> {
  const topic = "permission";
  try {
    const { body } = await http.send({
      method: "POST",
      path: "_apis/security/permissionevaluationbatch",
      what: "ask what the token may do",
      body: {
        alwaysAllowAdministrators: true,
        evaluations: permissions.map(({ securityNamespaceId, permissions, token }) => ({
          securityNamespaceId,
          permissions,
          token: token(id),
        })),
      },
    });
    const values = listIn(body, "evaluations").map((evaluation) => valueIn(evaluation, "value"));
    return permissions.map(({ name }, index): Finding => {
      if (values[index] === true) return ok(topic, name);
      if (values[index] === false)
        return { topic, level: "problem", text: `the owner of the token may not ${name}`, hint: page };
      return {
        topic,
        level: "warning",
        text: `the service did not say whether the token may ${name}`,
        hint: page,
      };
    });
  } catch (error) {
    if (!(error instanceof EacError)) throw error;
    const text = `the service does not say what the token may do: ${error.message}`;
    return [{ topic, level: "warning", text, hint: page }];
  }
}
