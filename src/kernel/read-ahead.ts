/**
 * The items of a source in their order, of which up to `depth` are asked for before they are wanted. An error comes when its item would; the source is
 * closed when nobody wants more.
 */
export async function* readAhead<Item>(source: AsyncIterable<Item>, depth: number): AsyncIterable<Item> {
  const items = source[Symbol.asyncIterator]();
  const asked: Promise<IteratorResult<Item>>[] = [];
  const ask = () => {
    const next = items.next();
    // whoever takes it gets the error; nobody may come to
    next.catch(() => {});
    asked.push(next);
  };
  try {
    ask();
    for (;;) {
      while (asked.length <= depth) ask();
      const { done, value } = await (asked.shift() as Promise<IteratorResult<Item>>);
      if (done === true) return;
      yield value;
    }
  } finally {
    await items.return?.();
  }
}
