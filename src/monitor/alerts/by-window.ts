/** Keys whose values are kept. */
const mostKept = 1000;

/** A moment, epoch ms, and whether only its own value will do, none of earlier in its window. */
export interface Moment {
  at: number;
  isFresh: boolean;
}

/**
 * Looks once for each key and window: what costs more than usage changes by the window. What failed is tried again at the next look, and
 * so is what `isEnough` does not take: a value that says nothing must not hide for a whole window what has come since.
 */
export function byWindow<Value>(windowMs: number) {
  const kept = new Map<string, { at: number; value: Promise<Value> }>();
  const windowOf = (at: number) => Math.floor(at / windowMs);
  return async (
    key: string,
    { at, isFresh }: Moment,
    look: () => Promise<Value>,
    isEnough: (value: Value) => boolean = () => true,
  ): Promise<Value> => {
    const found = kept.get(key);
    const isUsable = found?.at === at || (!isFresh && found !== undefined && windowOf(found.at) === windowOf(at));
    if (found !== undefined && isUsable) {
      const value = await found.value;
      if (found.at === at || isEnough(value)) return value;
    }
    kept.delete(key);
    const [oldest] = kept.keys();
    if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest);
    const value = look();
    kept.set(key, { at, value });
    value.catch(() => kept.delete(key));
    return value;
  };
}
