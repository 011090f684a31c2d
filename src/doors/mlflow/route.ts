import type { z } from "zod";
import type { Role } from "../../contract/operation.ts";
import type { Context } from "../../contract/operations.ts";
import type { MlflowPorts } from "./ports.ts";

/** One request of MLflow: what it is called, who may ask it, what it takes and what answers it. */
export interface Route {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below `/api/2.0/mlflow/`; `:name` stands for a member of the input. */
  path: string;
  role: Role;
  input: z.ZodObject;
  answer(ports: MlflowPorts, input: never, context: RouteContext): Promise<object | undefined>;
}

export interface RouteContext extends Context {
  /** The address under which the client reached this server: for URLs that it will use. */
  origin: string;
}

type Answer<Input> = (ports: MlflowPorts, input: Input, context: RouteContext) => Promise<object | undefined>;

/** Looking needs the role reader, changing the role contributor. */
function define<Schema extends z.ZodObject>(
  method: Route["method"],
  role: Role,
  path: string,
  input: Schema,
  answer: Answer<z.output<Schema>>,
): Route {
  return { method, role, path, input, answer };
}

export const get = <Schema extends z.ZodObject>(path: string, input: Schema, answer: Answer<z.output<Schema>>): Route =>
  define("GET", "reader", path, input, answer);
/** A search that travels as POST. */
export const ask = <Schema extends z.ZodObject>(path: string, input: Schema, answer: Answer<z.output<Schema>>): Route =>
  define("POST", "reader", path, input, answer);
export const post = <Schema extends z.ZodObject>(
  path: string,
  input: Schema,
  answer: Answer<z.output<Schema>>,
): Route => define("POST", "contributor", path, input, answer);
export const patch = <Schema extends z.ZodObject>(
  path: string,
  input: Schema,
  answer: Answer<z.output<Schema>>,
): Route => define("PATCH", "contributor", path, input, answer);
export const remove = <Schema extends z.ZodObject>(
  path: string,
  input: Schema,
  answer: Answer<z.output<Schema>>,
): Route => define("DELETE", "contributor", path, input, answer);
