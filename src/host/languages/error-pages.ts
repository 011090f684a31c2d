import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ErrorCode, errorTable } from "../../contract/errors.ts";
import { textAnswer } from "../answer.ts";
import { scoreCodec } from "../codecs/score.ts";
import { allow, routeNotFound } from "../routes.ts";
import type { Language } from "./language.ts";

const address = /^\/docs\/errors\/([a-z-]+)$/;

/** Where `docs` of an error leads: its page, as it is written. Clients of the scoring port may not reach the server, which has it too. */
export const errorPages: Language = {
  route: async ({ asked, ports }) => {
    allow(asked, "GET", "HEAD");
    const [, code = ""] = address.exec(asked.path) ?? [];
    if (!Object.hasOwn(errorTable, code)) throw routeNotFound(asked);
    return textAnswer(200, await readFile(join(ports.docsFolder, "errors", `${code as ErrorCode}.md`), "utf8"));
  },
  errorAnswer: (error, { requestId }) => scoreCodec.errorAnswer(error, requestId),
};

export const isErrorPagePath = (path: string): boolean => address.test(path);
