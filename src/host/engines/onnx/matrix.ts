import { Invalid, type Rows } from "./rows.ts";

/** Values as onnxruntime takes them. */
export type Numbers = Float32Array | Float64Array | Int32Array | BigInt64Array;

/** What a model refuses although it would run: it answers where the model it was made of does not. */
export interface Takes {
  missing: boolean;
  infinite: boolean;
}

const integers: Record<string, [lowest: number, highest: number]> = {
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  int32: [-(2 ** 31), 2 ** 31 - 1],
};

/** The types of a model's input that rows of numbers can become. */
export const inputTypes: readonly string[] = ["float32", "float64", ...Object.keys(integers)];

/**
 * Rows one below the other as values of the input's type. Invalid: a value that is no whole number where the model takes those,
 * or one that `takes` excludes, as it is after rounding to the type.
 */
export function stack(parts: readonly Rows[], type: string, takes?: Takes): Numbers {
  const length = parts.reduce((sum, { values }) => sum + values.length, 0);
  const range = integers[type];
  if (range !== undefined) for (const part of parts) refuseFractions(part, type, range);
  const all = new Float64Array(type === "float64" || type === "int64" ? length : 0);
  const target = type === "float32" ? new Float32Array(length) : type === "int32" ? new Int32Array(length) : all;
  let offset = 0;
  for (const { values } of parts) {
    target.set(values as ArrayLike<number>, offset);
    offset += values.length;
  }
  const columns = parts[0]?.columns ?? 1;
  if (takes !== undefined)
    refuseUntaken(target, takes, (at) => `Value ${(at % columns) + 1} of row ${Math.floor(at / columns) + 1}`);
  return type === "int64" ? BigInt64Array.from(all, BigInt) : target;
}

/** Invalid at the first value that is missing or infinite where that is not taken; `placeOf` says where it stands. */
export function refuseUntaken(
  values: Exclude<Numbers, BigInt64Array>,
  takes: Takes,
  placeOf: (at: number) => string,
): void {
  if (takes.missing && takes.infinite) return;
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] as number;
    if (Number.isFinite(value) || (Number.isNaN(value) ? takes.missing : takes.infinite)) continue;
    const what = Number.isNaN(value) ? "missing" : "infinite or too large";
    throw new Invalid(`${placeOf(at)} is ${what}, which the model does not take`);
  }
}

function refuseFractions({ values, columns }: Rows, type: string, [lowest, highest]: [number, number]): void {
  const numbers = values as ArrayLike<number> & { findIndex(test: (value: number) => boolean): number };
  const odd = numbers.findIndex((value) => !Number.isInteger(value) || value < lowest || value > highest);
  if (odd === -1) return;
  const [row, place] = [Math.floor(odd / columns) + 1, (odd % columns) + 1];
  throw new Invalid(`Value ${place} of row ${row} is ${values[odd]}; the model takes whole numbers (${type})`);
}
