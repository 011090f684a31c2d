import { countOf, readDtype, readShape } from "./dtype.ts";
import { fail, type Machine, newFrame, pop, push } from "./machine.ts";
import { attributeOf, type ObjectValue } from "./values.ts";

/**
 * joblib writes the bytes of an array right after the BUILD of a NumpyArrayWrapper that describes it, outside the
 * pickle: with joblib >= 1.2 a byte that counts padding bytes, the padding, then the items; arrays of Python objects are
 * whole nested pickles instead. Source: joblib/numpy_pickle.py, `NumpyArrayWrapper.write_array`.
 */
export function afterBuild(machine: Machine, object: ObjectValue): void {
  const { callee } = object;
  if (typeof callee !== "object" || callee?.kind !== "global" || !callee.module.includes("joblib")) return;
  if (callee.name === "NDArrayWrapper" || callee.name === "ZNDArrayWrapper")
    fail(machine, "it keeps its arrays in files beside it, as joblib before 0.10 did; dump it again");
  if (callee.name !== "NumpyArrayWrapper") return;
  const dtype = readDtype(attributeOf(object, "dtype"));
  const shape = readShape(attributeOf(object, "shape"));
  if (!dtype || !shape) fail(machine, "it has an array of unknown type or shape");
  if (dtype.holdsObjects) {
    machine.outer.push(machine.frame);
    machine.frame = newFrame();
    return;
  }
  const offset = machine.next + paddingLength(machine, object);
  const length = countOf(shape) * dtype.itemSize;
  if (!(offset + length <= machine.source.size)) fail(machine, "it ends in the middle of an array");
  machine.next = offset + length;
  pop(machine);
  push(machine, { kind: "raw-array", wrapper: object, offset, length });
}

function paddingLength(machine: Machine, wrapper: ObjectValue): number {
  const alignment = attributeOf(wrapper, "numpy_array_alignment_bytes");
  if (alignment === undefined || alignment === null) return 0;
  const index = machine.source.at(machine.next, 1);
  if (index < 0) fail(machine, "it ends in the middle of an array");
  return 1 + (machine.source.window[index] ?? 0);
}
