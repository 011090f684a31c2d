import { globalName, isNode, itemsOf, type Value } from "./values.ts";

/** What is needed of a numpy dtype: its kind letter (numpy's `dtype.kind`), bytes per item, and byte order. */
export interface Dtype {
  readonly kind: string;
  readonly itemSize: number;
  readonly bigEndian: boolean;
  /** Items are (or contain) references to Python objects. */
  readonly holdsObjects: boolean;
}

/** numpy's NPY_ITEM_REFCOUNT. */
const HOLDS_OBJECTS_FLAG = 1;

/**
 * Reads a pickled numpy dtype: `dtype('U5', False, True)` with the state (version, order, subarray, names, fields, item
 * size, alignment, flags). Source: numpy, `arraydescr_reduce`. Undefined when the value is no such thing.
 */
export function readDtype(value: Value | undefined): Dtype | undefined {
  if (!isNode(value) || value.kind !== "object" || globalName(value.callee) !== "numpy.dtype") return undefined;
  const code = itemsOf(value.args)?.[0];
  const state = itemsOf(value.state) ?? [];
  const [, kind, digits] = /^[<>=|]?([a-zA-Z?])(\d*)/.exec(typeof code === "string" ? code : "V") ?? [];
  if (kind === undefined) return undefined;
  const storedSize = state[5];
  const ownSize = Number(digits) * (kind === "U" ? 4 : 1);
  const itemSize = typeof storedSize === "number" && storedSize >= 0 ? storedSize : ownSize;
  if (!Number.isSafeInteger(itemSize)) return undefined;
  const flags = typeof state[7] === "number" ? state[7] : 0;
  const holdsObjects = kind === "O" || (flags & HOLDS_OBJECTS_FLAG) !== 0;
  return { kind, itemSize, bigEndian: state[1] === ">", holdsObjects };
}

/** The shape of an array as numbers, or undefined when the value is no tuple of sizes. */
export function readShape(value: Value | undefined): number[] | undefined {
  const items = itemsOf(value);
  if (!items) return undefined;
  const shape = items.filter((item): item is number => Number.isSafeInteger(item) && (item as number) >= 0);
  return shape.length === items.length ? shape : undefined;
}

/** How many items an array of this shape has. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
