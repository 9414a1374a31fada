/** Text that is already in the syntax of the file around it; the only thing that `<%= %>` accepts. */
export class Insertion {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Scalar = string | number | boolean;

/** Words that some YAML reader takes for a boolean, a null or a number. */
const reservedWord = /^(?:true|false|yes|no|on|off|y|n|null)$/i;
const plainText = /^[A-Za-z/][\w./-]*(?: [\w./-]+)*$/;
/** Characters that some YAML reader takes for a line break, drops or refuses. */
const notPrintable = /[^\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;
const notPrintableEach = new RegExp(notPrintable.source, "gu");

/** A YAML scalar that every reader of YAML 1.1 and 1.2 takes for exactly this value. */
export function yaml(value: Scalar): Insertion {
  if (typeof value !== "string") return new Insertion(String(value));
  if (plainText.test(value) && !reservedWord.test(value)) return new Insertion(value);
  if (!notPrintable.test(value)) return new Insertion(`'${value.replaceAll("'", "''")}'`);
  return new Insertion(quoted(value));
}

/** A TOML basic string, or a TOML number or boolean. */
export function toml(value: Scalar): Insertion {
  return new Insertion(typeof value === "string" ? quoted(value) : String(value));
}

/** Markdown that shows exactly this text on one line: no markup, table cell or HTML comes of it. */
export function markdown(value: Scalar): Insertion {
  return new Insertion(
    oneLine(value)
      .replaceAll(/[\\`*_[\]<>#|~&!$]/g, String.raw`\$&`)
      .replace(/^([-+=]|\d+(?=[.)]))/, (start) => (/^\d/.test(start) ? `${start}\\` : `\\${start}`)),
  );
}

/** A Markdown code span with exactly this text, also inside a table. */
export function code(value: Scalar): Insertion {
  const text = oneLine(value).replaceAll("|", String.raw`\|`);
  const longestFence = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longestFence + 1);
  const padding = text === "" || /^`|`$|^ .* $/.test(text) ? " " : "";
  return new Insertion(`${fence}${padding}${text}${padding}${fence}`);
}

/** A Markdown link. */
export function link(text: string, url: string): Insertion {
  return new Insertion(
    `[${markdown(text).text}](<${encodeURI(url).replaceAll(/[<>\\]/g, encodeURIComponent)}>)`,
  );
}

function oneLine(value: Scalar): string {
  return String(value)
    .replaceAll(/[\s\p{Cc}\u2028\u2029]+/gu, " ")
    .trim();
}

/** A double-quoted string as JSON, YAML and TOML all understand it. */
function quoted(value: string): string {
  return JSON.stringify(value).replaceAll(notPrintableEach, (character) => {
    const codeUnit = character.codePointAt(0) ?? 0;
    return `\\u${codeUnit.toString(16).padStart(4, "0")}`;
  });
}
