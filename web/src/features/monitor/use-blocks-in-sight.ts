import { type RefObject, useLayoutEffect, useState } from "react";
import { flushSync } from "react-dom";
import { type Sight, sightOf } from "./blocks-in-sight.ts";

const nothing: Sight = { first: 0, count: 0, base: 0 };

/**
 * Which blocks of `blockHeight` px a box that scrolls has in sight. It begins where `held` says, and tells there where it is. A focus in a
 * row that goes out of sight becomes the box's own, so that keys still scroll it.
 */
export function useBlocksInSight(
  place: RefObject<HTMLElement | null>,
  blockHeight: number,
  held: { offset: number },
): Sight {
  const [sight, setSight] = useState<Sight>(nothing);
  useLayoutEffect(() => {
    const box = place.current;
    if (box === null) return;
    box.scrollTop = held.offset;
    let seen = sightOf(nothing, blockHeight, box.scrollTop, box.clientHeight);
    setSight(seen);
    // drawn in the frame that scrolled: a later one would show a gap first
    const look = () => {
      held.offset = box.scrollTop;
      const next = sightOf(seen, blockHeight, box.scrollTop, box.clientHeight);
      if (next === seen) return;
      const hadFocus = box.contains(document.activeElement);
      flushSync(() => setSight(next));
      if (hadFocus && (next.base !== seen.base || !box.contains(document.activeElement)))
        box.focus({ preventScroll: true });
      seen = next;
    };
    const resized = new ResizeObserver(look);
    resized.observe(box);
    box.addEventListener("scroll", look, { passive: true });
    return () => {
      resized.disconnect();
      box.removeEventListener("scroll", look);
    };
  }, [place, blockHeight, held]);
  return sight;
}
