import { exitCodes } from "../../errors/exit-codes.ts";
import { checkLocal } from "../doctor/check-local.ts";
import { checkMachine } from "../doctor/check-machine.ts";
import { checkOrganization } from "../doctor/check-organization.ts";
import { checkRepository } from "../doctor/check-repository.ts";
import { checkServices } from "../doctor/check-services.ts";
import type { Finding } from "../doctor/finding.ts";
import { showFindings } from "../doctor/show-findings.ts";
import type { RunCommand } from "../command.ts";
import { existingFolder } from "../existing-folder.ts";

/** Says what is there and what is missing for scaffolding, provisioning, runs and updates; changes nothing. */
export const runDoctor: RunCommand = async (input, context) => {
  const folder = existingFolder(context.cwd, input.positionals[0] ?? ".");
  const repository = await checkRepository(folder);
  const [machine, local, organization] = await Promise.all([
    checkMachine({ ...context, cwd: folder }),
    checkLocal(context),
    checkOrganization(input, context, repository.answers),
  ]);
  const sections = [
    { title: "This machine", findings: [...machine, ...local] },
    { title: "Azure DevOps", findings: organization },
    { title: "The repository", findings: repository.findings },
    { title: "Databricks and MLflow", findings: checkServices(context) },
  ];
  showFindings(context, sections);
  const findings: readonly Finding[] = sections.flatMap(({ findings }) => findings);
  const problems = findings.filter(({ level }) => level === "problem").length;
  const warnings = findings.filter(({ level }) => level === "warning").length;
  return {
    exitCode: problems > 0 ? exitCodes.preconditionFailed : exitCodes.done,
    value: { folder, problems, warnings, findings },
  };
};
