import type { IncomingHttpHeaders } from "node:http";
import type { Traffic } from "../contract/traffic.ts";
import { sha256 } from "../kernel/hash.ts";

/** A revision as a choice: `credit` is kept between choices. */
export interface Choice {
  wanted: { share: number };
  credit: number;
  isReady(): boolean;
}

/**
 * The revision that takes a request: that of the first rule that fits, else the one its caller stays with, else the next by share.
 * Only those that are ready are chosen. Undefined when none can be.
 */
export function chooseRevision<T extends Choice>(
  choices: ReadonlyMap<number, T>,
  traffic: Traffic | undefined,
  headers: IncomingHttpHeaders,
): T | undefined {
  if (traffic === undefined) return byShare(choices.values());
  return byRule(choices, traffic, headers) ?? byCaller(choices, traffic, headers) ?? byShare(choices.values());
}

function byRule<T extends Choice>(
  choices: ReadonlyMap<number, T>,
  { rules = [] }: Traffic,
  headers: IncomingHttpHeaders,
) {
  for (const { header, equals, revision } of rules) {
    if (headerValue(headers, header) !== equals) continue;
    const choice = choices.get(revision);
    if (choice?.isReady()) return choice;
  }
  return undefined;
}

/**
 * Weighted rendezvous hashing: every revision draws a number for the caller, and the highest of `share / -ln(draw)` takes it. When shares or
 * revisions change, only as many callers move as must. https://en.wikipedia.org/wiki/Rendezvous_hashing#Weighted_rendezvous_hash
 */
function byCaller<T extends Choice>(
  choices: ReadonlyMap<number, T>,
  { sticky }: Traffic,
  headers: IncomingHttpHeaders,
) {
  const caller = sticky == null ? undefined : headerValue(headers, sticky);
  if (caller === undefined) return undefined;
  let chosen: T | undefined;
  let highest = 0;
  for (const [number, choice] of choices) {
    if (choice.wanted.share <= 0 || !choice.isReady()) continue;
    // 52 bits as a number between 0 and 1, both left out
    const draw = (Number.parseInt(sha256(`${caller}\n${number}`).slice(0, 13), 16) + 0.5) / 2 ** 52;
    const score = choice.wanted.share / -Math.log(draw);
    if (score <= highest) continue;
    chosen = choice;
    highest = score;
  }
  return chosen;
}

/**
 * Chooses by share among those that are ready, in smooth weighted turns: of any 100 choices each revision gets
 * its share exactly, without randomness.
 */
function byShare<T extends Choice>(choices: Iterable<T>): T | undefined {
  let chosen: T | undefined;
  let total = 0;
  for (const choice of choices) {
    if (choice.wanted.share <= 0 || !choice.isReady()) continue;
    total += choice.wanted.share;
    choice.credit += choice.wanted.share;
    if (chosen === undefined || choice.credit > chosen.credit) chosen = choice;
  }
  if (chosen !== undefined) chosen.credit -= total;
  return chosen;
}

const headerValue = (headers: IncomingHttpHeaders, name: string): string | undefined => headers[name]?.toString();
