/** Whose lines a worker writes to stderr. */
export interface LineOwners {
  /** The request that a line belongs to: one in hand, or answered just now; undefined for a line of none. */
  requestOf(line: string): string | undefined;
  isInHand(requestId: string): boolean;
}

/** What a worker wrote last, which tells why it ended. */
export interface LastWords {
  hear(line: string): void;
  /** The last line since `from` (by performance.now()) of no request, or of one in hand; "" without one. Asked before those in hand are given up. */
  since(from: number): string;
}

/** What an answered request wrote is about that request: its worker went on, and ended for another reason. */
export function makeLastWords(owners: LineOwners): LastWords {
  let ofNone = { line: "", at: Number.NEGATIVE_INFINITY };
  let ofRequest = { ...ofNone, requestId: "" };
  return {
    hear: (line) => {
      if (line.trim() === "") return;
      const heard = { line: line.trim(), at: performance.now() };
      const requestId = owners.requestOf(line);
      if (requestId === undefined) ofNone = heard;
      else ofRequest = { ...heard, requestId };
    },
    since: (from) => {
      const last = ofRequest.at >= ofNone.at && owners.isInHand(ofRequest.requestId) ? ofRequest : ofNone;
      return last.at < from ? "" : last.line;
    },
  };
}
