import type { WireOperation } from "../contract/wire-operation.ts";

/** A request as data: what goes over the wire for one operation and one input. */
export interface WireRequest {
  method: string;
  url: string;
  /** The JSON body, or undefined when there is none (or when raw bytes are the body). */
  json: string | undefined;
}

/** Puts an input into path, query and JSON body by the rules of the HTTP door. Undefined members are left out. */
export function toWireRequest(operation: WireOperation, base: string, input: Record<string, unknown>): WireRequest {
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest.get(name);
    rest.delete(name);
    return encodeURIComponent(String(value));
  });
  const url = `${base.replace(/\/+$/, "")}/api/v1${path}`;
  if (operation.body === "json") {
    return { method: operation.method, url, json: JSON.stringify(Object.fromEntries(rest)) };
  }
  const query = new URLSearchParams();
  for (const [name, value] of rest) {
    for (const item of Array.isArray(value) ? value : [value]) query.append(name, String(item));
  }
  const text = query.toString();
  return { method: operation.method, url: text === "" ? url : `${url}?${text}`, json: undefined };
}
