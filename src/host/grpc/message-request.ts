import type { IncomingHttpHeaders } from "node:http";
import { ModelyardError } from "../../contract/errors.ts";
import type { Answer } from "../answer.ts";
import type { HttpRequest } from "../http/http-request.ts";

/** A message whose bytes are here as a request like those of HTTP, and the answer it gets. `taken` resolves when that has gone to the client. */
export function messageRequest(
  url: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
  taken: Promise<void>,
): { request: HttpRequest; answered: Promise<Answer> } {
  let resolve: (answer: Answer) => void;
  const answered = new Promise<Answer>((take) => {
    resolve = take;
  });
  const request: HttpRequest = {
    method: "POST",
    url,
    headers,
    secure: false,
    readBody: (limit, hold) => {
      if (body.length > limit) throw new ModelyardError("body-too-large", { limit });
      hold?.(body.length);
      return body;
    },
    answer: (answer) => {
      resolve(answer);
      return taken;
    },
    // no codec of a protocol with messages answers in pieces
    begin: () => {
      throw new TypeError("a message has one answer");
    },
  };
  return { request, answered };
}
