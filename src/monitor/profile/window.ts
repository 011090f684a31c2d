/** Profiles are kept of windows of five minutes. */
export const windowMs = 300_000;

/** When the window of a moment begins, epoch ms. */
export const windowOf = (at: number): number => Math.floor(at / windowMs) * windowMs;

/** When the first window begins that begins at a moment or later. */
export const nextWindow = (at: number): number => Math.ceil(at / windowMs) * windowMs;
