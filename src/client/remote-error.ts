import { type ErrorCode, errorTable, ModelyardError, type PublicError } from "../contract/errors.ts";

/** An error as the server told it: its own text, its request id. */
export type RemoteError = ModelyardError & { requestId?: string | undefined };

/** The error a server's `{"error":…}` stands for. A code this build does not know becomes `internal` with the server's text. */
export function remoteError(told: Partial<PublicError>): RemoteError {
  const code: ErrorCode = told.code !== undefined && told.code in errorTable ? told.code : "internal";
  const error = new ModelyardError(code);
  return Object.assign(error, {
    message: told.message ?? error.message,
    fix: told.fix ?? error.fix,
    requestId: told.requestId,
  });
}

/** The error behind an answer that is not 2xx; an answer of something that is not Modelyard names its status. */
export async function errorOfAnswer(answer: Response, url: string): Promise<RemoteError> {
  const text = await answer.text().catch(() => "");
  try {
    const told = (JSON.parse(text) as { error?: Partial<PublicError> }).error;
    if (told?.code !== undefined) return remoteError(told);
  } catch {
    // not JSON: no Modelyard server said this
  }
  return new ModelyardError("server-unreachable", { url: `${url} (it answered ${answer.status} and is no Modelyard)` });
}
