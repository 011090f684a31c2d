import { stages } from "../../contract/model.ts";

/** What a filter can ask. Text is compared as it is written, but for ILIKE and `~`. */
export type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "LIKE" | "ILIKE" | "IN" | "NOT IN" | "~";
export type Literal = string | number;
export type FilterKey = { kind: "attribute"; name: string } | { kind: "tag" | "property" | "metric"; name: string };
export type Comparison = { kind: "compare"; key: FilterKey; operator: Operator; values: readonly Literal[] };
export type Filter = { kind: "all" | "any"; parts: readonly Filter[] } | { kind: "not"; part: Filter } | Comparison;

/** `boolean` is 'true' or 'false'; `time` becomes epoch ms, from a number, an ISO time, or a span back from now such as 30d. */
type ValueType = "text" | "number" | "time" | "boolean";
export interface Attribute {
  type: ValueType;
  operators: readonly Operator[];
  /** All there are, where they are few; compared without regard to case. */
  values?: readonly string[];
}

const equality = ["=", "!="] as const;
const textual = [...equality, "LIKE", "ILIKE", "IN", "NOT IN"] as const;
const ordered = [...equality, "<", "<=", ">", ">="] as const;
const text: Attribute = { type: "text", operators: textual };
const number: Attribute = { type: "number", operators: [...ordered, "IN", "NOT IN"] };
const time: Attribute = { type: "time", operators: ordered };
const boolean: Attribute = { type: "boolean", operators: equality };
const exact: Attribute = { type: "text", operators: [...equality, "IN", "NOT IN"] };

/** What may be asked of one kind of thing in one way of writing. */
export interface Grammar {
  attributes: Readonly<Record<string, Attribute>>;
  /** Prefixes before the dot of a key, and what they mean. */
  prefixes: Readonly<Record<string, FilterKey["kind"]>>;
  tagOperators: readonly Operator[];
  /** OR, NOT, parentheses, doubled quotes and bare `true` are only of our own way of writing. */
  strict: boolean;
  orders: Readonly<Record<string, OrderColumn>>;
}
export type OrderColumn = "name" | "version" | "created_at" | "updated_at";
export interface OrderTerm {
  column: OrderColumn;
  descending: boolean;
}

const common = {
  name: text,
  description: text,
  created_by: text,
  created_at: time,
  updated_at: time,
  alias: exact,
  live: boolean,
  live_on: exact,
  text: { type: "text", operators: ["~"] },
} as const satisfies Record<string, Attribute>;

export const grammars = {
  versions: {
    attributes: {
      ...common,
      version: number,
      framework: text,
      framework_version: text,
      stage: { ...exact, values: stages },
      source: text,
      run_id: text,
      digest: exact,
      size: number,
      unused_since: time,
    },
    prefixes: {
      tag: "tag",
      tags: "tag",
      property: "property",
      properties: "property",
      metric: "metric",
      metrics: "metric",
    },
    tagOperators: textual,
    strict: false,
    orders: { name: "name", version: "version", created_at: "created_at", updated_at: "updated_at" },
  },
  models: {
    attributes: common,
    prefixes: { tag: "tag", tags: "tag" },
    tagOperators: textual,
    strict: false,
    orders: { name: "name", created_at: "created_at", updated_at: "updated_at" },
  },
  // MLflow's own: SearchModelUtils and SearchModelVersionUtils of mlflow/utils/search_utils.py
  mlflowVersions: {
    attributes: {
      name: text,
      run_id: text,
      source_path: { type: "text", operators: [...equality, "LIKE", "ILIKE"] },
      version_number: { type: "number", operators: ordered },
    },
    prefixes: { tag: "tag", tags: "tag" },
    tagOperators: [...equality, "LIKE", "ILIKE"],
    strict: true,
    orders: {
      name: "name",
      version_number: "version",
      creation_timestamp: "created_at",
      last_updated_timestamp: "updated_at",
    },
  },
  mlflowModels: {
    attributes: { name: { type: "text", operators: [...equality, "LIKE", "ILIKE", "IN"] } },
    prefixes: { tag: "tag", tags: "tag" },
    tagOperators: [...equality, "LIKE", "ILIKE"],
    strict: true,
    orders: { name: "name", timestamp: "updated_at", last_updated_timestamp: "updated_at" },
  },
} as const satisfies Record<string, Grammar>;
