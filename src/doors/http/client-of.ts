import type { FastifyRequest } from "fastify";

const longest = 200;

/**
 * What sent a request, as a version remembers it: what the program calls itself, such as `modelyard-cli/0.1.0`, and its address
 * when it is not on this machine. Null when neither is known.
 */
export function clientOf({ headers, ip }: Pick<FastifyRequest, "headers" | "ip">): string | null {
  const program = (headers["user-agent"] ?? "").replace(/\s+/g, " ").trim().slice(0, longest);
  const address = ip.replace(/^::ffff:/, "");
  const place = address === "::1" || address.startsWith("127.") ? "" : `at ${address}`;
  return [program, place].filter((part) => part !== "").join(" ") || null;
}
