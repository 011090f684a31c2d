/** A revision as a choice: `credit` is kept between choices. */
export interface Choice {
  wanted: { share: number };
  credit: number;
  isReady(): boolean;
}

/**
 * Chooses by share among those that are ready, in smooth weighted turns: of any 100 choices each revision gets
 * its share exactly, without randomness. Undefined when none with a share is ready.
 */
export function chooseRevision<T extends Choice>(choices: Iterable<T>): T | undefined {
  let chosen: T | undefined;
  let total = 0;
  for (const choice of choices) {
    if (choice.wanted.share <= 0 || !choice.isReady()) continue;
    total += choice.wanted.share;
    choice.credit += choice.wanted.share;
    if (chosen === undefined || choice.credit > chosen.credit) chosen = choice;
  }
  if (chosen !== undefined) chosen.credit -= total;
  return chosen;
}
