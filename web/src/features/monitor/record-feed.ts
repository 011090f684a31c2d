/** What a feed needs of a record to know it again. */
export interface Known {
  id: string;
  at: number;
  mirrored: boolean;
}

interface Page<Item> {
  items: Item[];
  nextPageToken: string | null;
}

export interface FeedState<Item> {
  /** Newest first. */
  records: readonly Item[];
  /** Whether there are older ones. */
  hasMore: boolean;
  isLoading: boolean;
  /** Why the last page did not come. */
  error: unknown;
  /** What came since, and is not shown yet. */
  newer: readonly Item[];
  /** There is more that is new than one page: showing it begins anew. */
  isNewerCut: boolean;
}

export type Ask<Item> = (pageToken: string | undefined) => Promise<Page<Item>>;

export interface RecordFeed<Item> {
  subscribe(listener: () => void): () => void;
  state(): FeedState<Item>;
  /** Fetches the next page of older ones; does nothing while one is on its way or none is left. */
  loadMore(): Promise<void>;
  /** Looks for what came since. */
  poll(): Promise<void>;
  /** Puts what came since on top. */
  showNewer(): void;
}

const isSame = (a: Known, b: Known | undefined): boolean =>
  a.id === b?.id && a.at === b.at && a.mirrored === b.mirrored;

/**
 * Records, newest first, that grow at both ends: older ones page by page, new ones on top when somebody wants to see them. Pages are
 * never fetched twice, so a hundred thousand records cost what their last page costs.
 */
export function makeRecordFeed<Item extends Known>(ask: Ask<Item>): RecordFeed<Item> {
  const listeners = new Set<() => void>();
  let next: string | null | undefined;
  let newerNext: string | null = null;
  let state: FeedState<Item> = {
    ...{ records: [], hasMore: true, isLoading: false, error: null },
    ...{ newer: [], isNewerCut: false },
  };
  const set = (change: Partial<FeedState<Item>>) => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };

  async function loadMore(): Promise<void> {
    if (state.isLoading || !state.hasMore) return;
    set({ isLoading: true, error: null });
    try {
      const page = await ask(next ?? undefined);
      next = page.nextPageToken;
      set({ records: state.records.concat(page.items), hasMore: next !== null, isLoading: false });
    } catch (error) {
      set({ isLoading: false, error });
    }
  }

  async function poll(): Promise<void> {
    if (state.isLoading || next === undefined) return;
    const page = await ask(undefined);
    const newest = state.records[0];
    if (newest === undefined) {
      next = page.nextPageToken;
      set({ records: page.items, hasMore: next !== null });
      return;
    }
    const place = page.items.findIndex((item) => isSame(item, newest));
    newerNext = page.nextPageToken;
    const newer = place < 0 ? page.items : page.items.slice(0, place);
    if (newer.length > 0 || state.newer.length > 0) set({ newer, isNewerCut: place < 0 && newer.length > 0 });
  }

  function showNewer(): void {
    const { newer, isNewerCut, records } = state;
    if (newer.length === 0) return;
    if (isNewerCut) next = newerNext;
    set({
      records: isNewerCut ? newer : [...newer, ...records],
      hasMore: isNewerCut ? next !== null : state.hasMore,
      newer: [],
      isNewerCut: false,
    });
  }

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    state: () => state,
    loadMore,
    poll,
    showNewer,
  };
}
