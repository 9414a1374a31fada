import type { Server } from "node:http";
import { isErrno } from "../errors/is-errno.ts";

/** Listens on 127.0.0.1, on the wanted port where it is free and else on any; answers the port. */
export async function listenLocal(server: Server, wanted: number): Promise<number> {
  try {
    await listen(server, wanted);
  } catch (error) {
    if (!isErrno(error, "EADDRINUSE")) throw error;
    await listen(server, 0);
  }
  const address = server.address();
  if (typeof address === "object" && address !== null) return address.port;
  throw new Error("The server has no port.");
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
