/** How the tests of a run ended. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const testCase = /<testcase\b(?:[^>"']|"[^"]*"|'[^']*')*?(\/>|>([^]*?)<\/testcase\s*>)/g;

/** Counts the tests of a JUnit file; undefined where the text is none. */
export function countTests(text: string): TestCounts | undefined {
  const plain = text.replaceAll(/<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>/g, "");
  if (!/<testsuites?\b/.test(plain) || !/(?:<\/testsuites?\s*>|\/>)\s*$/.test(plain)) return undefined;
  const bodies = [...plain.matchAll(testCase)].map(([, , body = ""]) => body);
  const failed = bodies.filter((body) => /<(?:failure|error)\b/.test(body)).length;
  const skipped = bodies.filter((body) => /<skipped\b/.test(body)).length;
  return { passed: bodies.length - failed - skipped, failed, skipped };
}
