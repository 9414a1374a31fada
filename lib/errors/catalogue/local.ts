import { EacError } from "../eac-error.ts";
import { exitCodes } from "../exit-codes.ts";

/** The process of the local organisation ended or did not answer in time. */
export function localNotStarted(folder: string, log: string): EacError {
  const words = log.trim();
  return new EacError({
    code: "EAC_LOCAL_NOT_STARTED",
    message: `The local organisation did not start${words === "" ? "" : `: ${words}`}.`,
    hint: `Its state is in ${folder}; free the port, or choose another folder with --folder, and start it again.`,
    exitCode: exitCodes.remoteFailed,
  });
}
