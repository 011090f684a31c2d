export interface Sample {
  /** Milliseconds. */
  at: number;
  /** Bytes so far. */
  done: number;
}

/** As long as a rate looks back, in milliseconds. */
const windowMs = 5_000;

/** The samples of the window with one more; bytes that become fewer begin a new count. */
export function withSample(samples: readonly Sample[], sample: Sample): Sample[] {
  const last = samples.at(-1);
  if (last !== undefined && sample.done < last.done) return [sample];
  return [...samples.filter(({ at }) => sample.at - at <= windowMs), sample];
}

/** Bytes a second over the samples; undefined while they are too few or too close. */
export function rateOf(samples: readonly Sample[]): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at - first.at < 500) return undefined;
  return ((last.done - first.done) * 1_000) / (last.at - first.at);
}
