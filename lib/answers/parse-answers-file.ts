import { isUtf8 } from "node:buffer";
import { answersFileInvalid } from "../errors/catalogue/answers.ts";
import type { EacError } from "../errors/eac-error.ts";
import { isMapping, type AnswersInput } from "./answers-input.ts";
import { parseYaml, type YamlFault } from "./parse-yaml.ts";

/** More than this is no file of answers. */
export const mostAnswersBytes: number = 256 * 1024;

/** The mapping in the bytes of a YAML or JSON file, empty for an empty file; what keeps it from being one is named with line and column. */
export function parseAnswersFile(path: string, bytes: Uint8Array): AnswersInput {
  if (bytes.length > mostAnswersBytes)
    throw refusal(path, [{ message: `is larger than ${mostAnswersBytes / 1024} kB.` }]);
  if (!isUtf8(bytes)) throw refusal(path, [{ message: "is not UTF-8 text." }]);
  const text = Buffer.from(bytes).toString("utf8");
  const markers = conflictMarkers(text);
  if (markers.length > 0) throw refusal(path, markers);
  const parsed = parseYaml(text);
  if (!parsed.ok) throw refusal(path, parsed.faults);
  const content = parsed.content ?? {};
  if (!isMapping(content)) throw refusal(path, [notAMapping]);
  return content;
}

const notAMapping: YamlFault = {
  message: "holds no mapping of names to values.",
  at: { line: 1, column: 1 },
};

/** What git leaves where a merge is not resolved: one cause with one message, instead of all that YAML has to say about it. */
function conflictMarkers(text: string): readonly YamlFault[] {
  return text.split("\n").flatMap((line, index) => {
    if (!/^(?:<{7}|>{7}) /.test(line)) return [];
    const message = `has a conflict marker (${line.slice(0, 7)}): resolve the conflict and remove the markers.`;
    return [{ message, at: { line: index + 1, column: 1 } }];
  });
}

function refusal(path: string, faults: readonly YamlFault[]): EacError {
  const problems = faults.map(({ message, at }) => ({
    path: at === undefined ? path : `${path}:${at.line}:${at.column}`,
    rule: at === undefined ? "file" : "yaml",
    message,
  }));
  return answersFileInvalid(path, problems);
}
