import { toWireRequest } from "../../../src/client/request.ts";
import type { InputOf, OperationName } from "../../../src/contract/operations.ts";
import { wireOperations } from "../../../src/contract/wire-operations.gen.ts";

/** Where an operation that only reads can be had, for links that download: the browser writes it to disk as it comes. */
export const addressOf = <Name extends OperationName>(name: Name, input: InputOf<Name>): string =>
  toWireRequest(wireOperations[name], window.location.origin, { ...input }).url;
