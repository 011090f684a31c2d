const againMs = 1_000;

/**
 * Loads a part of the pages that comes when it is needed. While the server cannot be reached it waits, and what is shown stays. Throws what
 * the browser says when the part is gone, as it is after an upgrade: the router then loads the page anew.
 */
export async function loadPart<Part>(load: () => Promise<Part>): Promise<Part> {
  for (;;) {
    try {
      return await load();
    } catch {
      if (await isReachable()) return load();
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  }
}

const isReachable = (): Promise<boolean> =>
  fetch("/", { method: "HEAD", cache: "no-store" }).then(
    () => true,
    () => false,
  );
