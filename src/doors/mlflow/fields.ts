import { z } from "zod";

/** Types of the members of MLflow's requests. Queries are text; protobuf's JSON also lets numbers be texts. */

export const text = z.string();
/** An empty text counts as a missing one. */
export const required = z.string().min(1);

const integerText = z
  .string()
  .regex(/^[-+]?\d{1,16}$/, "is not an integer")
  .transform(Number);
export const integer = z.union([z.number(), integerText]).pipe(z.number().int());
export const limit = (most: number) =>
  z
    .union([z.number(), integerText])
    .pipe(z.number().int().min(1, `is not between 1 and ${most}`).max(most, `is not between 1 and ${most}`));

const floatText = z
  .string()
  .regex(/^([-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?|NaN|-?Infinity)$/i, "is not a number")
  .transform(Number);
export const float = z.union([z.number(), floatText]);
export const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((value) => value === "true")]);

/** A member that may stand once or several times in a query. */
export const list = z.preprocess(
  (value) => (value === undefined || Array.isArray(value) ? value : [value]),
  z.array(z.string()).default([]),
);

const pair = z.object({ key: required, value: z.string().default("") });
export const pairs = z
  .array(pair)
  .default([])
  .transform((items) => Object.fromEntries(items.map(({ key, value }) => [key, value])));

export const version = z
  .union([z.string(), z.number().transform(String)])
  .refine((value) => /^\d{1,9}$/.test(value), {
    error: ({ input }) => `Model version must be an integer, got: '${input}'`,
  })
  .transform(Number);

export const page = { page_token: text.optional() };

/** The key of a tag of a model or version, and its value. https://mlflow.org/docs/latest/api_reference/rest-api.html */
export const tagKey = required
  .max(250, "has more than 250 characters")
  .regex(
    /^[\p{L}\p{N}_./ :-]+$/u,
    "may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colons(:) and slashes (/)",
  );
export const tagValue = z.string().max(100_000, "has more than 100000 characters");
export const tags = z
  .array(z.object({ key: tagKey, value: tagValue.default("") }))
  .default([])
  .transform((items) => Object.fromEntries(items.map(({ key, value }) => [key, value])));
