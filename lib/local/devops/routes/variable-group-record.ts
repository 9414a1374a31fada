import type { StoredRecord } from "../state/organization-state.ts";

export interface Variable {
  readonly value: string;
  readonly isSecret: boolean;
}

export interface VariableGroupRecord extends StoredRecord {
  readonly id: number;
  readonly projectId: string;
  readonly name: string;
  readonly description: string;
  readonly variables: Readonly<Record<string, Variable>>;
  readonly createdOn: string;
  readonly modifiedOn: string;
}

export const variableGroupKind = "variable-group";

/** Whether a record is a variable group. */
export function isVariableGroup(record: StoredRecord): record is VariableGroupRecord {
  return "variables" in record && "modifiedOn" in record;
}
