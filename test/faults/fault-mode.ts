/** The full counts run with `npm run test:faults`; the ordinary suite runs a short version of each test. */
export const isFull = process.env.MODELYARD_FAULTS === "full";

export const times = (short: number, full: number): number => (isFull ? full : short);

/** Prints a figure that was found. */
export const report = (text: string): void => void process.stdout.write(`  faults: ${text}\n`);
