/** Why a file cannot be read as a pickle: thrown inside this folder only, always caught and turned into an answer. */
export class PickleFault extends Error {
  readonly offset: number;
  constructor(offset: number, reason: string) {
    super(reason);
    this.offset = offset;
  }
}
