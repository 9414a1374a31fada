import { html, type Html, type HtmlValue } from "./html.ts";

export interface Page {
  readonly title: string;
  readonly content: HtmlValue;
}

/** A page as it is built: what it needs to know and how it links. */
export interface PageLinks {
  /** `http://127.0.0.1:PORT/local`. */
  readonly baseUrl: string;
  /** Names of the way to the page, each with its address. */
  readonly trail: readonly (readonly [string, string])[];
}

const style =
  ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}" +
  "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #8886;vertical-align:top}" +
  "pre{overflow:auto;padding:.75rem;border:1px solid #8886}";

/** The whole document around a page. It loads nothing and runs nothing. */
export function layout({ title, content }: Page, { baseUrl, trail }: PageLinks): string {
  const way = [["Local organisation", baseUrl] as const, ...trail];
  const links = way.map(([name, url], index) => [index === 0 ? "" : " / ", link(name, url)]);
  const body = html`<nav aria-label="Way here">${links}</nav>
    <main>
      <h1>${title}</h1>
      ${content}
    </main>`;
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${html`${title}`.toString()}</title><style>${style}</style></head><body>${body.toString()}</body></html>`;
}

export function link(name: string, url: string): Html {
  return html`<a href="${url}">${name}</a>`;
}

/** A table with its headings; the words for nothing where it has no rows. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly HtmlValue[])[],
  nothing: string,
): Html {
  if (rows.length === 0) return html`<p>${nothing}</p>`;
  return html`<table>
    <thead>
      <tr>
        ${headings.map((heading) => html`<th scope="col">${heading}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map((cell) => html`<td>${cell}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** The address of a page of a project, each name encoded. */
export function addressOf(baseUrl: string, ...names: readonly string[]): string {
  return [baseUrl, ...names.map(encodeURIComponent)].join("/");
}
