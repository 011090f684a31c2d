import { z } from "zod";
import { defineOperation, pageInput, pageOf, roleSchema, timeSchema } from "./operation.ts";

/** A path of this server: never another site, whatever a link says. */
const pagePathSchema = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])[\w\-./~%:@?=&+,]*$/, "is a path of the web pages, such as /monitor");

const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  createdAt: timeSchema,
  expiresAt: timeSchema.nullable(),
  revokedAt: timeSchema.nullable(),
});
export type Token = z.output<typeof tokenSchema>;

const exampleToken = {
  id: "0193c1a0-7b5e-7c3d-9f00-0a1b2c3d4e5f",
  name: "ci",
  role: "contributor" as const,
  createdAt: 1764000000000,
  expiresAt: 1766592000000,
  revokedAt: null,
};

export const createToken = defineOperation({
  id: "create-token",
  step: "access",
  summary: "Make a token; its text is shown this once",
  method: "POST",
  path: "/tokens",
  role: "admin",
  input: z.object({
    role: roleSchema,
    name: z.string().min(1).max(100).default("token").describe("What the token is for"),
    expires: z
      .string()
      .regex(/^\d+[hd]$/, "is a span such as 12h or 30d")
      .optional()
      .describe("Life of the token: 12h, 30d; without it the token lives until it is revoked"),
  }),
  output: tokenSchema.extend({ token: z.string().describe("The secret; Modelyard keeps only its hash") }),
  cli: { noun: "token", verb: "create" },
  example: {
    input: { role: "contributor", name: "ci", expires: "30d" },
    output: { ...exampleToken, token: "my_3f0c…" },
  },
});

export const listTokens = defineOperation({
  id: "list-tokens",
  step: "access",
  summary: "List the tokens, never their text",
  method: "GET",
  path: "/tokens",
  role: "admin",
  input: z.object(pageInput),
  output: pageOf(tokenSchema),
  cli: { noun: "token", verb: "list" },
  example: { input: {}, output: { items: [exampleToken], nextPageToken: null } },
});

export const revokeToken = defineOperation({
  id: "revoke-token",
  step: "access",
  summary: "End a token at once",
  method: "DELETE",
  path: "/tokens/{id}",
  role: "admin",
  input: z.object({ id: z.string().describe("Id of the token") }),
  output: tokenSchema,
  errors: ["token-not-found"],
  cli: { noun: "token", verb: "revoke", arguments: ["id"] },
  example: { input: { id: exampleToken.id }, output: { ...exampleToken, revokedAt: 1764003600000 } },
});

const sessionSchema = z.object({
  name: z.string().describe("Name of the token that asks, or of the one a session was opened with"),
  role: roleSchema,
  kind: z.enum(["token", "session"]).describe("session: a browser that signed in"),
  expiresAt: timeSchema.nullable().describe("When that ends, if it is not used; null: when it is revoked"),
});

export const getSession = defineOperation({
  id: "get-session",
  step: "access",
  summary: "Show who asks and what they may",
  method: "GET",
  path: "/session",
  role: "reader",
  input: z.object({}),
  output: sessionSchema,
  cli: { noun: "session", verb: "show" },
  example: { input: {}, output: { name: "ci", role: "contributor", kind: "token", expiresAt: null } },
});

export const createSignInLink = defineOperation({
  id: "create-sign-in-link",
  step: "access",
  summary: "Make an address that signs a browser in once, within a minute, as who asks",
  method: "POST",
  path: "/sign-in-links",
  role: "reader",
  input: z.object({
    to: pagePathSchema.optional().describe("The page to show then, such as /monitor"),
  }),
  output: z.object({ url: z.string().describe("Open it in a browser"), expiresAt: timeSchema }),
  cli: { noun: "session", verb: "link" },
  example: {
    input: { to: "/monitor" },
    output: { url: "http://127.0.0.1:5080/sign-in#myl_8Zk2…&to=/monitor", expiresAt: 1764000060000 },
  },
});
