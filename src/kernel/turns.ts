/** Runs work when all that was asked for before it has ended, well or not; gives its result. */
export type Turns = <Result>(work: () => Promise<Result>) => Promise<Result>;

export function makeTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.catch(() => {}).then(work);
    last = mine;
    return mine;
  };
}
