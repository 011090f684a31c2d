import { z } from "zod";
import { leavesItsPlace } from "./leaves-its-place.ts";
import { linkLocal } from "./link-local.ts";

const pathSchema = z
  .string()
  .max(2000)
  .regex(/^\/[\x21-\x7e]*$/, "is a path that begins with /")
  .refine((path) => !path.includes("#"), "has no #")
  .refine((path) => !leavesItsPlace(path.split("?", 1)[0] ?? ""), "has no segment . or ..");

const urlSchema = z
  .string()
  .max(2000)
  .superRefine((text, context) => {
    const problem = problemOf(text);
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  });

function problemOf(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol))
    return "is an address such as http://127.0.0.1:8000";
  if (url.username !== "" || url.password !== "") return "holds no secrets; name a file with authorizationFile";
  if (url.search !== "" || url.hash !== "") return "has no ? and no #; clients send their own";
  if (linkLocal.test(url.hostname.replace(/^\[|\]$/g, ""))) return "is a link-local address, where no model is served";
  return undefined;
}

/** A server that answers in place of a worker of ours. Exactly one of `url` and `command` is given. */
export const upstreamShape = {
  url: urlSchema.optional().describe("Address of a server that runs already"),
  command: z
    .array(z.string().min(1).max(4000), "is a list: a program and its arguments")
    .min(1)
    .max(200)
    .optional()
    .describe(
      "Instead of url: program and arguments of a server that is started for each replica; {port} is where it must listen, {model} the folder of the model",
    ),
  health: pathSchema.default("/health").describe("Path that answers 2xx when it is ready"),
  score: pathSchema
    .default("/score")
    .describe("Path that takes what is sent to the service's own /score, by invoke and as the sample"),
  authorizationFile: z
    .string()
    .max(4000)
    .regex(/^\//, "is an absolute path")
    .optional()
    .describe("File on the host whose content is sent to it as the header Authorization"),
};
export const upstreamSchema = z
  .strictObject(upstreamShape)
  .refine(({ url, command }) => (url === undefined) !== (command === undefined), {
    message: "has either url or command",
  });
export type Upstream = z.output<typeof upstreamSchema>;

/** What stands behind a service, for people: its address, or the command. */
export const upstreamText = ({ url, command = [] }: Upstream): string => url ?? command.join(" ");
