import type { Source } from "../../kernel/source.ts";
import { PickleFault } from "./fault.ts";
import { type Memo, newMemo } from "./memo.ts";
import type { DictValue, SequenceValue, Value } from "./values.ts";

/** What a pickle may cost; beyond it the reading ends with a reason. Real models stay far below. */
const modelLimits = {
  /** opcodes interpreted */
  steps: 100_000_000,
  /** bytes of memory taken, by the estimates in `cost` */
  memory: 512 * 1024 * 1024,
  /** items one container keeps; the rest is only counted */
  itemsOfOne: 100_000,
  /** values waiting on the stack */
  stack: 5_000_000,
};

export type Limits = typeof modelLimits;

/** Roughly how many bytes of memory a value takes. */
export const cost = {
  container: 140,
  object: 120,
  span: 80,
  text: 32,
  global: 100,
  mark: 64,
  memo: 16,
  gap: 64,
  item: 8,
};

/** One pickle being read: a joblib file has another one inside for each array of Python objects. */
interface Frame {
  stack: Value[];
  /** The stacks below each open MARK. */
  marks: Value[][];
  memo: Memo;
}

/** The symbolic pickle machine: it interprets opcodes on descriptions of values and never imports or calls anything. */
export interface Machine {
  readonly source: Source;
  readonly limits: Limits;
  /** Where the opcode being interpreted starts, and where the next one does. */
  offset: number;
  next: number;
  frame: Frame;
  readonly outer: Frame[];
  readonly globals: Set<string>;
  depth: number;
  steps: number;
  memory: number;
  done: boolean;
  root: Value | undefined;
  error: { offset: number; reason: string } | undefined;
}

export function newFrame(): Frame {
  return { stack: [], marks: [], memo: newMemo() };
}

export function newMachine(source: Source, limits: Limits = modelLimits): Machine {
  return {
    source,
    limits,
    offset: 0,
    next: 0,
    frame: newFrame(),
    outer: [],
    globals: new Set(),
    depth: 0,
    steps: 0,
    memory: 0,
    done: false,
    root: undefined,
    error: undefined,
  };
}

/** Ends the reading with a reason. */
export function fail(machine: Machine, reason: string): never {
  throw new PickleFault(machine.offset, `${reason} (offset ${machine.offset})`);
}

export function push(machine: Machine, value: Value): void {
  const { stack } = machine.frame;
  if (++machine.depth > machine.limits.stack)
    fail(machine, `it holds more than ${machine.limits.stack} values on its stack`);
  stack.push(value);
}

/** Counts memory that a new value takes. */
export function charge(machine: Machine, bytes: number): void {
  machine.memory += bytes;
  if (machine.memory > machine.limits.memory)
    fail(machine, `it would take more than ${machine.limits.memory} bytes of memory to read`);
}

export function pop(machine: Machine): Value {
  const value = machine.frame.stack.pop();
  if (value === undefined) fail(machine, "it takes a value from an empty stack");
  machine.depth--;
  return value;
}

export function top(machine: Machine): Value {
  const value = machine.frame.stack.at(-1);
  if (value === undefined) fail(machine, "it takes a value from an empty stack");
  return value;
}

export function pushMark(machine: Machine): void {
  charge(machine, cost.mark);
  machine.frame.marks.push(machine.frame.stack);
  machine.frame.stack = [];
}

/** Takes the values above the last MARK. */
export function popMark(machine: Machine): Value[] {
  const below = machine.frame.marks.pop();
  if (!below) fail(machine, "it closes a mark that is not open");
  const items = machine.frame.stack;
  machine.depth -= items.length;
  machine.frame.stack = below;
  return items;
}

/** How many of `count` more items a container that holds `held` keeps. */
function room(machine: Machine, held: number, count: number): number {
  const kept = Math.min(count, Math.max(0, machine.limits.itemsOfOne - held));
  charge(machine, kept * cost.item);
  return kept;
}

export function addItems(machine: Machine, sequence: SequenceValue, items: readonly Value[]): void {
  const kept = room(machine, sequence.items.length, items.length);
  for (let i = 0; i < kept; i++) sequence.items.push(items[i] as Value);
  sequence.dropped += items.length - kept;
}

/** Adds key, value, key, value … to a dict. */
export function addEntries(machine: Machine, dict: DictValue, pairs: readonly Value[]): void {
  if (pairs.length % 2 === 1) fail(machine, "it sets a key without a value");
  const kept = room(machine, dict.keys.length, pairs.length / 2);
  charge(machine, kept * cost.item);
  for (let i = 0; i < kept; i++) {
    dict.keys.push(pairs[2 * i] as Value);
    dict.values.push(pairs[2 * i + 1] as Value);
  }
  dict.dropped += pairs.length / 2 - kept;
}

export function newSequence(machine: Machine, kind: SequenceValue["kind"], items: readonly Value[]): SequenceValue {
  charge(machine, cost.container);
  const sequence: SequenceValue = { kind, items: [], dropped: 0 };
  addItems(machine, sequence, items);
  return sequence;
}

export function newDict(machine: Machine, pairs: readonly Value[]): DictValue {
  charge(machine, cost.container);
  const dict: DictValue = { kind: "dict", keys: [], values: [], dropped: 0 };
  addEntries(machine, dict, pairs);
  return dict;
}
