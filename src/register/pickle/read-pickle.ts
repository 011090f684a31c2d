import { bufferSource, type Source } from "../../kernel/source.ts";
import { advance } from "./advance.ts";
import { type Limits, type Machine, newMachine } from "./machine.ts";
import type { Value } from "./values.ts";

/** What a pickle says, read without executing any of it. */
export interface PickleReading {
  /** "module.name" of every class and function it names, sorted. */
  readonly globals: string[];
  /** The pickled value; of a pickle that could not be read to its end, the value begun first, if any. */
  readonly root: Value | undefined;
  /** Values begun but not joined to the root, because the pickle could not be read to its end. */
  readonly unfinished: Value[];
  /** Set when it is no pickle, not a whole one, or beyond the limits of what is read. */
  readonly error?: { readonly offset: number; readonly reason: string };
}

const SLICE = 100_000;

/** Reads a pickle, or an uncompressed joblib file, symbolically. Bounded in time and memory; never throws on any bytes. */
export function readPickle(data: Buffer, limits?: Limits): PickleReading {
  const machine = newMachine(bufferSource(data), limits);
  if (data.length === 0) return { ...readingOf(machine), error: { offset: 0, reason: "empty" } };
  while (!advance(machine, SLICE));
  return readingOf(machine);
}

/** The same from any source, letting other work of the process run in between. */
export async function readPickleFrom(source: Source): Promise<PickleReading> {
  const machine = newMachine(source);
  if (source.size === 0) return { ...readingOf(machine), error: { offset: 0, reason: "empty" } };
  while (!advance(machine, SLICE)) await new Promise((resolve) => setImmediate(resolve));
  return readingOf(machine);
}

const MAX_UNFINISHED = 100_000;

function readingOf(machine: Machine): PickleReading {
  const globals = [...machine.globals].sort();
  if (!machine.error) return { globals, root: machine.root, unfinished: [] };
  const frames = [...machine.outer, machine.frame];
  const unfinished: Value[] = [];
  for (const stack of frames.flatMap((frame) => [...frame.marks, frame.stack]))
    for (let i = 0; i < stack.length && unfinished.length < MAX_UNFINISHED; i++) unfinished.push(stack[i] as Value);
  return { globals, root: unfinished[0], unfinished, error: machine.error };
}
