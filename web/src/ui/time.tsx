import { Text, Tooltip } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

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

/** How long somebody points at a moment before it is told whole: as long as other tooltips wait. */
const pointedMs = 200;

/**
 * A moment as a reader wants it: how long ago, with the absolute time and its zone when pointed at. The tooltip is there so long: it follows
 * its place with a dozen hooks, and fifty of them in a table take longer than the rest of it.
 */
export function Time({ at }: { at: number }) {
  // the moment may be later than the last tick
  const [, setTick] = useState(0);
  const [isPointedAt, setPointedAt] = useState(false);
  const place = useRef<HTMLTimeElement>(null);
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    const tick = () => setTick((count) => count + 1);
    listeners.add(tick);
    return () => void listeners.delete(tick);
  }, []);
  return (
    <>
      <Text
        component="time"
        ref={place}
        inherit
        span
        dateTime={new Date(at).toISOString()}
        style={{ whiteSpace: "nowrap" }}
        onPointerEnter={() => {
          pause.current = setTimeout(() => setPointedAt(true), pointedMs);
        }}
        onPointerLeave={() => {
          clearTimeout(pause.current);
          setPointedAt(false);
        }}
      >
        {relativeText(at, Date.now())}
      </Text>
      {isPointedAt ? <Tooltip target={place} label={absoluteText(at)} defaultOpened /> : null}
    </>
  );
}
