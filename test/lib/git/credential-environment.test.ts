import { createServer, type RequestListener, type Server } from "node:http";
import { expect, test } from "@jest/globals";
import { fetchRefs, scratchRepository } from "../../../lib/git/scratch-repository.ts";

async function serve(listener: RequestListener): Promise<AsyncDisposable & { readonly url: string }> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** What git gets from a repository without commits. */
const advertisement = "001e# service=git-upload-pack\n00000000";

test("a server that sends git elsewhere does not give the credential away", async () => {
  const seen: (string | undefined)[] = [];
  await using foreign = await serve(({ headers, url }, answer) => {
    seen.push(`${url} ${headers.authorization}`);
    answer.setHeader("content-type", "application/x-git-upload-pack-advertisement");
    answer.end(advertisement);
  });
  await using own = await serve(({ url }, answer) => {
    answer.writeHead(302, { location: `${foreign.url}${url}` }).end();
  });
  await using scratch = await scratchRepository();

  const fetching = fetchRefs(scratch.folder, {
    url: `${own.url}/iris`,
    authorize: () => Promise.resolve("Bearer token"),
    refs: { HEAD: "refs/heads/main" },
    isShallow: true,
  });

  await expect(fetching).rejects.toThrow("302");
  expect(seen).toEqual([]);
});
