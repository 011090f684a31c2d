/** Keys whose values are kept. */
const mostKept = 1000;

/**
 * Looks once for each key and window: what costs more than usage changes by the window. Gives the value as of the end of the last
 * window, the same for every moment of the next. What failed is tried again at the next look.
 */
export function byWindow<Value>(windowMs: number) {
  const kept = new Map<string, { end: number; value: Promise<Value> }>();
  return (key: string, at: number, look: (end: number) => Promise<Value>): Promise<Value> => {
    const end = Math.floor(at / windowMs) * windowMs;
    const found = kept.get(key);
    if (found?.end === end) return found.value;
    kept.delete(key);
    const [oldest] = kept.keys();
    if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest);
    const value = look(end);
    kept.set(key, { end, value });
    value.catch(() => kept.delete(key));
    return value;
  };
}
