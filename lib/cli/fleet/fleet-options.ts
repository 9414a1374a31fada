import { wrongUsage } from "../../errors/catalogue/cli.ts";
import { optionValue, type CommandInput } from "../command.ts";

/** How a fleet is gone through. */
export interface FleetNumbers {
  readonly canary: number;
  readonly wave: number;
  readonly concurrency: number;
  readonly maxOpen: number;
}

/** Four at a time is what the service's limits and its agents bear; fifty are as many as one may want to have broken at once. */
const defaults: FleetNumbers = { canary: 0, wave: 50, concurrency: 4, maxOpen: Number.POSITIVE_INFINITY };

/** The numbers of the command line; what is no whole number of at least one is wrong usage. */
export function readFleetNumbers(input: CommandInput): FleetNumbers {
  return {
    canary: readNumber(input, "canary") ?? defaults.canary,
    wave: readNumber(input, "wave") ?? defaults.wave,
    concurrency: readNumber(input, "concurrency") ?? defaults.concurrency,
    maxOpen: readNumber(input, "max-open-prs") ?? defaults.maxOpen,
  };
}

function readNumber(input: CommandInput, name: string): number | undefined {
  const text = optionValue(input, name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d{1,6}$/.test(text) && number > 0) return number;
  throw wrongUsage(
    `eac-model fleet: --${name} is a whole number of at least 1, not ${JSON.stringify(text)}.`,
    "See eac-model fleet --help",
  );
}
