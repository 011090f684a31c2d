/** A stretch of the source that was not copied: `offset` and `length` in bytes. */
interface Span {
  readonly offset: number;
  readonly length: number;
}

/** How the bytes of a long text are to be read. */
export type TextEncoding = "utf8" | "raw-unicode-escape" | "latin1" | "quoted";

/** Bytes, or a text or whole number too long to be worth decoding at once. */
export interface BytesValue extends Span {
  readonly kind: "bytes" | "long";
}
export interface TextValue extends Span {
  readonly kind: "text";
  readonly encoding: TextEncoding;
}
/** A class or function the pickle names; nothing is imported. */
export interface GlobalValue {
  readonly kind: "global";
  readonly module: string;
  readonly name: string;
}
/** `dropped` counts the items beyond the limit of what is kept. */
export interface SequenceValue {
  readonly kind: "list" | "tuple" | "set" | "frozenset";
  items: Value[];
  dropped: number;
}
export interface DictValue {
  readonly kind: "dict";
  keys: Value[];
  values: Value[];
  dropped: number;
}
/** What calling `callee` with `args` would give, with what the pickle would then do to it. */
export interface ObjectValue {
  readonly kind: "object";
  readonly callee: Value;
  readonly args: Value;
  readonly keywords?: Value;
  state?: Value;
  items?: SequenceValue;
  entries?: DictValue;
}
/** The raw bytes of an array in a joblib file; the array's type and shape are in the state of `wrapper`. */
interface RawArrayValue extends Span {
  readonly kind: "raw-array";
  readonly wrapper: ObjectValue;
}
/** Values that only the program that wrote the pickle can supply. */
export interface ForeignValue {
  readonly kind: "persistent" | "extension" | "buffer";
  readonly id: Value;
}
export type NodeValue =
  | BytesValue
  | TextValue
  | GlobalValue
  | SequenceValue
  | DictValue
  | ObjectValue
  | RawArrayValue
  | ForeignValue;

/** A symbolic Python value. None is null; int is number, or bigint beyond 2^53; float is number. */
export type Value = null | boolean | number | bigint | string | NodeValue;

/** True for everything but None, bool, int, float and short text. */
export function isNode(value: Value | undefined): value is NodeValue {
  return typeof value === "object" && value !== null;
}

/** "module.name" of a global, else undefined. */
export function globalName(value: Value | undefined): string | undefined {
  return isNode(value) && value.kind === "global" ? `${value.module}.${value.name}` : undefined;
}

/** The items of a list, tuple, set or frozenset, else undefined. */
export function itemsOf(value: Value | undefined): readonly Value[] | undefined {
  return isNode(value) && "items" in value && value.kind !== "object" ? value.items : undefined;
}

/** The value a dict holds for a text key (the last one counts), else undefined. */
export function entryOf(value: Value | undefined, key: string): Value | undefined {
  if (!isNode(value) || value.kind !== "dict") return undefined;
  const index = value.keys.lastIndexOf(key);
  return index < 0 ? undefined : value.values[index];
}

/** An attribute of an object as its state holds it: a dict, or the pair (dict, slots). */
export function attributeOf(value: Value | undefined, name: string): Value | undefined {
  if (!isNode(value) || value.kind !== "object") return undefined;
  const direct = entryOf(value.state, name);
  if (direct !== undefined) return direct;
  for (const part of itemsOf(value.state) ?? []) {
    const found = entryOf(part, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function childrenOf(value: NodeValue): readonly (Value | undefined)[] {
  switch (value.kind) {
    case "dict":
      return [...value.keys, ...value.values];
    case "object":
      return [value.state, value.callee, value.args, value.keywords, value.items, value.entries];
    case "raw-array":
      return [value.wrapper];
    case "bytes":
    case "long":
    case "text":
    case "global":
      return [];
    case "persistent":
    case "extension":
    case "buffer":
      return [value.id];
    default:
      return value.items;
  }
}

const MAX_WALK = 1_000_000;

/** Walks the graph below `roots` breadth first, every node once, at most a million; stops when `visit` answers true. */
export function walk(roots: readonly Value[], visit: (node: NodeValue) => boolean): void {
  const seen = new Set<NodeValue>();
  const queue: NodeValue[] = [];
  const add = (value: Value | undefined) => {
    if (!isNode(value) || seen.has(value) || seen.size >= MAX_WALK) return;
    seen.add(value);
    queue.push(value);
  };
  roots.forEach(add);
  for (let i = 0; i < queue.length; i++) {
    const node = queue[i];
    if (!node || visit(node)) return;
    childrenOf(node).forEach(add);
  }
}
