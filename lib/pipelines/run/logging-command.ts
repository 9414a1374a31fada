/** One `##vso[area.action key=value;…]message` in a line of output, unescaped. */
export interface LoggingCommand {
  /** In lower case, such as `task.setvariable`. */
  readonly name: string;
  /** By key in lower case. */
  readonly properties: ReadonlyMap<string, string>;
  readonly message: string;
}

const form = /##vso\[([^\]\s]*)([^\]]*)\](.*)$/s;

/** The command in a line; other text may stand before it. Undefined: the line has none. */
export function parseLoggingCommand(line: string): LoggingCommand | undefined {
  const found = form.exec(line);
  if (found === null) return undefined;
  const [, name = "", properties = "", message = ""] = found;
  if (!/^\w+\.\w+$/.test(name)) return undefined;
  return {
    name: name.toLowerCase(),
    properties: new Map(properties.trim().split(";").flatMap(readProperty)),
    message: unescape(message),
  };
}

function readProperty(text: string): readonly (readonly [string, string])[] {
  const end = text.indexOf("=");
  if (end <= 0) return [];
  const value = unescape(text.slice(end + 1));
  return value === "" ? [] : [[text.slice(0, end).trim().toLowerCase(), value]];
}

/** A per cent sign is last, so that what it gives is not read again. */
function unescape(text: string): string {
  return text
    .replaceAll("%3B", ";")
    .replaceAll("%0D", "\r")
    .replaceAll("%0A", "\n")
    .replaceAll("%5D", "]")
    .replaceAll("%AZP25", "%");
}
