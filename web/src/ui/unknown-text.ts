/** What stands in place of an answer that is on its way, or that could not be had. */
export const unknownText = (error: unknown): string => (error === null ? "…" : "not known");
