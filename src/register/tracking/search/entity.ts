import { ModelyardError } from "../../../contract/errors.ts";
import type { FilterKey, Grammar } from "../../filter/grammar.ts";
import type { Key } from "./order.ts";

/** What a search can ask of one kind of thing. The grammar is MLflow's own: mlflow/utils/search_utils.py. */
export interface Entity {
  table: "experiments" | "runs" | "logged_models";
  /** Columns of attributes by the names that clients use for them. */
  columns: Record<string, string>;
  /** Table of metrics with owner, key, value and is_nan. */
  metrics: "run_latest_metrics" | "logged_model_metrics" | null;
  grammar: Grammar;
}

const text = { type: "text", operators: ["=", "!=", "LIKE", "ILIKE", "IN", "NOT IN"] } as const;
const number = { type: "number", operators: ["=", "!=", "<", "<=", ">", ">="] } as const;

const everywhere = {
  attribute: "attribute",
  attributes: "attribute",
  attr: "attribute",
  tag: "tag",
  tags: "tag",
} as const;
/** What the grammar of the registry calls a property is a param here. */
const ofRunsAndModels = {
  ...everywhere,
  run: "attribute",
  metric: "metric",
  metrics: "metric",
  param: "property",
  params: "property",
  parameter: "property",
  parameters: "property",
} as const;

type Attributes = Record<string, readonly [column: string, type: "text" | "number"]>;

function entity(
  table: Entity["table"],
  metrics: Entity["metrics"],
  prefixes: Grammar["prefixes"],
  attributes: Attributes,
): Entity {
  const types = Object.entries(attributes).map(([name, [, type]]) => [name, type === "text" ? text : number] as const);
  return {
    table,
    metrics,
    columns: Object.fromEntries(Object.entries(attributes).map(([name, [column]]) => [name, column])),
    grammar: {
      attributes: Object.fromEntries(types),
      prefixes,
      tagOperators: text.operators,
      strict: true,
      orders: {},
    },
  };
}

export const experimentEntity = entity("experiments", null, everywhere, {
  name: ["name", "text"],
  experiment_id: ["id", "text"],
  creation_time: ["created_at", "number"],
  last_update_time: ["updated_at", "number"],
});

export const runEntity = entity("runs", "run_latest_metrics", ofRunsAndModels, {
  run_id: ["id", "text"],
  run_name: ["name", "text"],
  "run name": ["name", "text"],
  user_id: ["user_name", "text"],
  status: ["status", "text"],
  artifact_uri: ["artifact_uri", "text"],
  experiment_id: ["experiment_id", "text"],
  start_time: ["started_at", "number"],
  created: ["started_at", "number"],
  end_time: ["ended_at", "number"],
});

export const loggedModelEntity = entity("logged_models", "logged_model_metrics", ofRunsAndModels, {
  name: ["name", "text"],
  model_id: ["id", "text"],
  model_type: ["model_type", "text"],
  status: ["status", "text"],
  source_run_id: ["source_run_id", "text"],
  creation_timestamp: ["created_at", "number"],
  creation_time: ["created_at", "number"],
  last_updated_timestamp: ["updated_at", "number"],
  last_updated_time: ["updated_at", "number"],
});

/** The key of an order as the filter would name it; one that the entity does not have is the asker's mistake. */
export function keyOfOrder({ columns, grammar }: Entity, { prefix, name }: Key): FilterKey {
  const known = prefix === null || Object.hasOwn(grammar.prefixes, prefix);
  const kind = prefix === null ? "attribute" : grammar.prefixes[prefix];
  if (known && kind !== undefined && (kind !== "attribute" || Object.hasOwn(columns, name))) return { kind, name };
  throw new ModelyardError("invalid-input", {
    problems: `Invalid order_by clause: '${prefix === null ? name : `${prefix}.${name}`}' is not one of ${Object.keys(columns).join(", ")} and ${Object.keys(grammar.prefixes).join(".KEY, ")}.KEY`,
  });
}
