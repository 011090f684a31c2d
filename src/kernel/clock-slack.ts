/** Clocks of other machines may go before ours by so much. */
const slackMs = 10 * 60_000;

/** Whether a time (epoch ms) that somebody told lies further ahead of the clock than clocks differ: it cannot have been yet. */
export const isYetToCome = (at: number, now: number): boolean => at > now + slackMs;
