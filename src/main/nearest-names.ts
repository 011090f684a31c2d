import { ModelyardError } from "../contract/errors.ts";
import type { Context, Handlers } from "../contract/operations.ts";
import type { Db } from "../kernel/db.ts";
import { nearest } from "../kernel/did-you-mean.ts";
import { selectExternalServices } from "../monitor/collections/external/rows.ts";
import { modelNames } from "../register/rows/models.ts";
import { selectServices } from "../use/rows.ts";

type AnyHandler = (input: unknown, context: Context) => Promise<unknown>;

/** The same handlers; who misspells a service or a model is told the nearest name. Whoever an operation lets in may list both. */
export function namingNearest(handlers: Handlers, db: Db): Handlers {
  const wrapped =
    (handler: AnyHandler): AnyHandler =>
    async (input, context) => {
      try {
        return await handler(input, context);
      } catch (error) {
        throw error instanceof ModelyardError ? await withNearest(error, db) : error;
      }
    };
  const named = Object.entries(handlers).map(([name, handler]) => [name, wrapped(handler as AnyHandler)]);
  return Object.fromEntries(named) as Handlers;
}

async function withNearest(error: ModelyardError, db: Db): Promise<ModelyardError> {
  const { code, details } = error;
  if (code === "service-not-found") return suggesting(error, String(details.service), await serviceNames(db));
  // of name:version the name; a number has no other near it
  if (code === "model-not-found")
    return suggesting(error, String(details.model).split(":")[0] ?? "", await modelNames(db));
  return error;
}

function suggesting(error: ModelyardError, name: string, names: readonly string[]): ModelyardError {
  const near = nearest(name, names);
  if (near === undefined || near === name) return error;
  return new ModelyardError(error.code, { ...error.details, near }, { cause: error });
}

const serviceNames = async (db: Db): Promise<string[]> => [
  ...(await selectServices(db)).map(({ name }) => name),
  ...(await selectExternalServices(db, 0)),
];
