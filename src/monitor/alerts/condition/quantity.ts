import type { Bounds, Unit } from "./condition.ts";

const timeUnits = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const rateUnits = { "/s": 1, "/m": 1 / 60, "/h": 1 / 3600 } as const;

/** A number as it is written, in the unit it is kept in; a text says what is wrong with it. */
export function readQuantity(unit: Unit, number: number, suffix: string): number | string {
  if (!Number.isFinite(number)) return "the number is too large";
  switch (unit) {
    case "time": {
      const factor = timeUnits[suffix as keyof typeof timeUnits];
      return factor === undefined ? "a time has a unit: ms, s, m, h or d, such as 200ms" : number * factor;
    }
    case "share":
      if (suffix !== "" && suffix !== "%") return "a share is written as 5% or 0.05";
      return suffix === "%" ? number / 100 : number;
    case "rate": {
      const factor = rateUnits[(suffix === "" ? "/s" : suffix) as keyof typeof rateUnits];
      return factor === undefined ? "a rate has the unit /s, /m or /h, such as 10/s" : number * factor;
    }
    case "count":
      return suffix === "" ? number : "it is a count and has no unit";
    case "number":
      if (suffix === "%") return number / 100;
      return suffix === "" ? number : "it is a number and has no unit but %";
  }
}

/** What a number can be by its unit alone. */
export const boundsOf: Record<Unit, Bounds> = {
  time: { least: 0 },
  share: { least: 0, most: 1 },
  rate: { least: 0 },
  count: { least: 0 },
  number: {},
};

/** What is wrong with a number outside its bounds, to stand behind a name; undefined within. */
export function beyondBounds(value: number, { least, most }: Bounds): string | undefined {
  if (least !== undefined && value < least) return `is at least ${least}`;
  if (most === undefined || value <= most) return undefined;
  return most === 1 ? "is at most 1, which is 100 %: write 5% or 0.05" : `is at most ${most}`;
}

/** A value for people, with three digits that count. */
export function valueText(unit: Unit, value: number | null): string {
  if (value === null) return "no data";
  const brief = (number: number) => String(Number(number.toPrecision(3)));
  switch (unit) {
    case "time":
      return spanText(value);
    case "share":
      return `${brief(value * 100)} %`;
    case "rate":
      return `${brief(value)}/s`;
    case "count":
      return String(value);
    case "number":
      return brief(value);
  }
}

/** Milliseconds in the longest unit that leaves at least one of it. */
function spanText(ms: number): string {
  const [suffix, size] = Object.entries(timeUnits).findLast(([, factor]) => Math.abs(ms) >= factor) ?? ["ms", 1];
  return `${Number((ms / size).toPrecision(3))} ${suffix}`;
}
