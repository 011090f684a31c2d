import { useEffect, useState } from "react";
import type { Place } from "./places.ts";
import { type Wish, wishOf } from "./wish.ts";

/** How long after `g` the second key may come. */
const pauseMs = 1500;
const storageKey = "modelyard-keys";

/** Whether single keys do something: who dictates, or presses keys unawares, turns them off (WCAG 2.1.4). */
export const areKeysOn = (): boolean => localStorage.getItem(storageKey) !== "off";
export const turnKeys = (on: boolean): void => localStorage.setItem(storageKey, on ? "on" : "off");

/** Whether a key belongs to what has the focus: a field that is typed into, or a dialog with keys of its own. */
function isTaken({ target, ctrlKey, metaKey, altKey, defaultPrevented }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || defaultPrevented || !areKeysOn()) return true;
  const element = target instanceof HTMLElement ? target : document.body;
  if (element.isContentEditable || element.closest("input, textarea, select, [role=dialog], [role=menu]") !== null)
    return true;
  return document.querySelector("[role=dialog]") !== null;
}

/** Listens to the keys that work on every page. */
export function useKeys(places: readonly Place[], onWish: (wish: Wish) => void): void {
  const [pressed] = useState<{ key?: string; at: number }>({ at: 0 });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTaken(event) || event.key === "Shift") return;
      const before = event.timeStamp - pressed.at < pauseMs ? pressed.key : undefined;
      const wish = wishOf(before, event.key, places);
      delete pressed.key;
      if (wish === undefined) return;
      if (wish === "more") Object.assign(pressed, { key: event.key, at: event.timeStamp });
      else {
        event.preventDefault();
        onWish(wish);
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [places, onWish, pressed]);
}
