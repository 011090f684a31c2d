import type { Argument } from "./decode.ts";
import { afterBuild } from "./joblib-array.ts";
import {
  addEntries,
  addItems,
  charge,
  cost,
  fail,
  type Machine,
  newDict,
  newSequence,
  pop,
  popMark,
  push,
  pushMark,
  top,
} from "./machine.ts";
import { memorise, memoSize, recall } from "./memo.ts";
import { type OpcodeName, opcodes } from "./opcodes.ts";
import type { ForeignValue, GlobalValue, ObjectValue, SequenceValue, Value } from "./values.ts";

/** What one opcode does to the machine. The meaning of each is that of CPython's Lib/pickle.py. */
type Handler = (machine: Machine, argument: Argument) => void;

const HIGHEST_PROTOCOL = 5;

const pushArgument: Handler = (machine, argument) => {
  if (typeof argument === "string") charge(machine, cost.text + argument.length);
  else if (typeof argument === "object" || typeof argument === "bigint") charge(machine, cost.span);
  push(machine, argument as Value);
};
const pushValue =
  (value: Value): Handler =>
  (machine) =>
    push(machine, value);
const nothing: Handler = () => {};

function pushSequence(kind: SequenceValue["kind"], take: (machine: Machine) => Value[]): Handler {
  return (machine) => push(machine, newSequence(machine, kind, take(machine)));
}

function popMany(count: number): (machine: Machine) => Value[] {
  return (machine) => {
    const items: Value[] = [];
    for (let i = 0; i < count; i++) items.unshift(pop(machine));
    return items;
  };
}

function pushObject(machine: Machine, callee: Value, args: Value, keywords?: Value): void {
  charge(machine, cost.object);
  const object: ObjectValue = { kind: "object", callee, args };
  push(machine, keywords === undefined ? object : { ...object, keywords });
}

function nameGlobal(machine: Machine, module: Value, name: Value): GlobalValue {
  if (typeof module !== "string" || typeof name !== "string") fail(machine, "it names a class by no text");
  charge(machine, cost.global + module.length + name.length);
  machine.globals.add(`${module}.${name}`);
  return { kind: "global", module, name };
}

const byName: Handler = (machine, argument) => {
  const [module, name] = argument as readonly [string, string];
  push(machine, nameGlobal(machine, module, name));
};

function append(machine: Machine, items: Value[]): void {
  const target = top(machine);
  if (typeof target !== "object" || target === null) fail(machine, "it appends to a value that is no list");
  if (target.kind === "object") target.items ??= newSequence(machine, "list", []);
  const sequence = target.kind === "object" ? target.items : target;
  if (sequence?.kind === "list" || sequence?.kind === "set") addItems(machine, sequence, items);
}

function setEntries(machine: Machine, pairs: Value[]): void {
  const target = top(machine);
  if (typeof target !== "object" || target === null) fail(machine, "it sets a key of a value that is no dict");
  if (target.kind === "object") target.entries ??= newDict(machine, []);
  const dict = target.kind === "object" ? target.entries : target;
  if (dict?.kind === "dict") addEntries(machine, dict, pairs);
}

/** "00" and "01" are bools to the decoder, and numbers here. */
const memoIndex = (argument: Argument) => (typeof argument === "bigint" ? argument : Number(argument));

const put: Handler = (machine, argument) => {
  const index = memoIndex(argument);
  if (index < 0) fail(machine, "it memorises under a negative number");
  const dense = memorise(machine.frame.memo, index, top(machine));
  charge(machine, dense ? cost.memo : cost.gap);
};

const get: Handler = (machine, argument) => {
  const value = recall(machine.frame.memo, memoIndex(argument));
  if (value === undefined) fail(machine, `it recalls memo ${argument}, which it never set`);
  push(machine, value);
};

function pushForeign(machine: Machine, kind: ForeignValue["kind"], id: Value): void {
  charge(machine, cost.span);
  push(machine, { kind, id });
}

const extension: Handler = (machine, argument) => pushForeign(machine, "extension", argument as number);

/** Instances: INST names the class, OBJ finds it as the first value above the mark. */
const inst: Handler = (machine, argument) => {
  const args = newSequence(machine, "tuple", popMark(machine));
  const [module, name] = argument as readonly [string, string];
  pushObject(machine, nameGlobal(machine, module, name), args);
};

const obj: Handler = (machine) => {
  const [callee, ...args] = popMark(machine);
  if (callee === undefined) fail(machine, "it makes an object of no class");
  pushObject(machine, callee, newSequence(machine, "tuple", args));
};

const call: Handler = (machine) => {
  const args = pop(machine);
  pushObject(machine, pop(machine), args);
};

const callWithKeywords: Handler = (machine) => {
  const keywords = pop(machine);
  const args = pop(machine);
  pushObject(machine, pop(machine), args, keywords);
};

const build: Handler = (machine) => {
  const state = pop(machine);
  const target = top(machine);
  if (typeof target !== "object" || target === null) fail(machine, "it gives a state to a value that has none");
  if (target.kind !== "object") return;
  target.state = state;
  afterBuild(machine, target);
};

/** The end of the pickle, or of one nested in a joblib file, whose value then stands for its array. */
const stop: Handler = (machine) => {
  const value = pop(machine);
  const outer = machine.outer.pop();
  if (!outer) {
    machine.root = value;
    machine.done = true;
    return;
  }
  machine.frame = outer;
  pop(machine);
  push(machine, value);
};

const handlers: Record<OpcodeName, Handler> = {
  INT: pushArgument,
  BININT: pushArgument,
  BININT1: pushArgument,
  BININT2: pushArgument,
  LONG: pushArgument,
  LONG1: pushArgument,
  LONG4: pushArgument,
  STRING: pushArgument,
  BINSTRING: pushArgument,
  SHORT_BINSTRING: pushArgument,
  BINBYTES: pushArgument,
  SHORT_BINBYTES: pushArgument,
  BINBYTES8: pushArgument,
  BYTEARRAY8: pushArgument,
  NEXT_BUFFER: (machine) => pushForeign(machine, "buffer", null),
  READONLY_BUFFER: (machine) => void top(machine),
  NONE: pushValue(null),
  NEWTRUE: pushValue(true),
  NEWFALSE: pushValue(false),
  UNICODE: pushArgument,
  SHORT_BINUNICODE: pushArgument,
  BINUNICODE: pushArgument,
  BINUNICODE8: pushArgument,
  FLOAT: pushArgument,
  BINFLOAT: pushArgument,
  EMPTY_LIST: pushSequence("list", () => []),
  APPEND: (machine) => append(machine, [pop(machine)]),
  APPENDS: (machine) => append(machine, popMark(machine)),
  LIST: pushSequence("list", popMark),
  EMPTY_TUPLE: pushSequence("tuple", () => []),
  TUPLE: pushSequence("tuple", popMark),
  TUPLE1: pushSequence("tuple", popMany(1)),
  TUPLE2: pushSequence("tuple", popMany(2)),
  TUPLE3: pushSequence("tuple", popMany(3)),
  EMPTY_DICT: (machine) => push(machine, newDict(machine, [])),
  DICT: (machine) => push(machine, newDict(machine, popMark(machine))),
  SETITEM: (machine) => setEntries(machine, popMany(2)(machine)),
  SETITEMS: (machine) => setEntries(machine, popMark(machine)),
  EMPTY_SET: pushSequence("set", () => []),
  ADDITEMS: (machine) => append(machine, popMark(machine)),
  FROZENSET: pushSequence("frozenset", popMark),
  POP: (machine) => void (machine.frame.stack.length > 0 ? pop(machine) : popMark(machine)),
  DUP: (machine) => push(machine, top(machine)),
  MARK: pushMark,
  POP_MARK: (machine) => void popMark(machine),
  GET: get,
  BINGET: get,
  LONG_BINGET: get,
  PUT: put,
  BINPUT: put,
  LONG_BINPUT: put,
  MEMOIZE: (machine) => put(machine, memoSize(machine.frame.memo)),
  EXT1: extension,
  EXT2: extension,
  EXT4: extension,
  GLOBAL: byName,
  STACK_GLOBAL: (machine) => {
    const name = pop(machine);
    push(machine, nameGlobal(machine, pop(machine), name));
  },
  REDUCE: call,
  BUILD: build,
  INST: inst,
  OBJ: obj,
  NEWOBJ: call,
  NEWOBJ_EX: callWithKeywords,
  PROTO: (machine, argument) => {
    if ((argument as number) > HIGHEST_PROTOCOL) fail(machine, `it has the unknown pickle protocol ${argument}`);
  },
  STOP: stop,
  FRAME: nothing,
  PERSID: (machine, argument) => pushForeign(machine, "persistent", argument as string),
  BINPERSID: (machine) => pushForeign(machine, "persistent", pop(machine)),
};

/** By byte, which is several times faster to look up than by name. */
const byByte: readonly Handler[] = opcodes.map((opcode) => (opcode ? handlers[opcode.name] : nothing));

/** What the opcode with this byte does; the decoder lets no other bytes through. */
export function handlerOf(byte: number): Handler {
  return byByte[byte] ?? nothing;
}
