import type { Source } from "../../kernel/source.ts";
import { advance } from "./advance.ts";
import { newMachine } from "./machine.ts";

export interface Scan {
  /** "module.name" of everything that would be imported up to the end or to where it cannot be read, sorted. */
  globals: string[];
  /** How many pickles stand one after the other. */
  pickles: number;
  error?: { offset: number; reason: string };
}

const SLICE = 100_000;
const maxPickles = 10_000;

/**
 * Reads the pickles of a source, one after the other from an offset on, as torch.save of old and several `dump`s to one file write
 * them. Bytes that begin no pickle after the first one end the scan without an error. Nothing is executed.
 */
export async function scanGlobals(source: Source, start = 0): Promise<Scan> {
  const globals = new Set<string>();
  let pickles = 0;
  let offset = start;
  while (offset < source.size && pickles < maxPickles) {
    if (pickles > 0 && !beginsPickle(source, offset)) break;
    const machine = newMachine(source);
    machine.next = offset;
    while (!advance(machine, SLICE)) await new Promise((resolve) => setImmediate(resolve));
    for (const global of machine.globals) globals.add(global);
    if (machine.error !== undefined) {
      // After a whole pickle, what merely looks like another one is none.
      if (pickles > 0 && machine.globals.size === 0) break;
      return { globals: [...globals].sort(), pickles, error: machine.error };
    }
    pickles += 1;
    offset = machine.next;
  }
  if (pickles === maxPickles)
    return {
      globals: [...globals].sort(),
      pickles,
      error: { offset, reason: `it holds more than ${maxPickles} pickles` },
    };
  return { globals: [...globals].sort(), pickles };
}

/** A pickle of protocol 2 to 5 begins so; older ones have no mark. */
export function beginsPickle(source: Source, offset: number): boolean {
  const index = source.at(offset, 2);
  if (index < 0) return false;
  const [mark, protocol = 0] = source.window.subarray(index, index + 2);
  return mark === 0x80 && protocol >= 2 && protocol <= 5;
}
