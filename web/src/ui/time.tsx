import { Text, Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const absolute = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "medium",
  timeStyle: "long",
});

/** How long ago, or ahead, in words. */
function relativeText(at: number, now: number): string {
  const distance = at - now;
  const [unit, size] = units.find(([, size]) => Math.abs(distance) >= size) ?? ["second", 1_000];
  return relative.format(Math.trunc(distance / size), unit);
}

/** A moment with its zone, in the reader's own. */
export const absoluteText = (at: number): string => absolute.format(at);

/** One clock for the page: a hundred times on it are not a hundred timers. */
const listeners = new Set<() => void>();
setInterval(() => {
  for (const listener of listeners) listener();
}, 10_000);

/** A moment as a reader wants it: how long ago, with the absolute time and its zone on hover and for assistive technology. */
export function Time({ at }: { at: number }) {
  // the moment may be later than the last tick
  const [, setTick] = useState(0);
  useEffect(() => {
    const tick = () => setTick((count) => count + 1);
    listeners.add(tick);
    return () => void listeners.delete(tick);
  }, []);
  return (
    <Tooltip label={absoluteText(at)} events={{ hover: true, focus: true, touch: true }}>
      <Text component="time" inherit span dateTime={new Date(at).toISOString()} style={{ whiteSpace: "nowrap" }}>
        {relativeText(at, Date.now())}
      </Text>
    </Tooltip>
  );
}
