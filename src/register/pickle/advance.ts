import { decodeInstruction } from "./decode.ts";
import { PickleFault } from "./fault.ts";
import { handlerOf } from "./handlers.ts";
import { fail, type Machine } from "./machine.ts";

/** Interprets up to `count` opcodes; true when the reading is over, well or not (`error`). Never throws on any bytes. */
export function advance(machine: Machine, count: number): boolean {
  try {
    for (let left = count; left > 0 && !machine.done; left--) step(machine);
  } catch (error) {
    if (!(error instanceof PickleFault)) throw error;
    machine.done = true;
    machine.error = { offset: error.offset, reason: error.message };
  }
  return machine.done;
}

function step(machine: Machine): void {
  machine.offset = machine.next;
  const { byte, argument, next } = decodeInstruction(machine.source, machine.offset);
  machine.next = next;
  if (++machine.steps > machine.limits.steps) fail(machine, `it has more than ${machine.limits.steps} opcodes`);
  handlerOf(byte)(machine, argument);
}
