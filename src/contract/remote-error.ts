import { type ErrorCode, errorTable, ModelyardError, type PublicError } from "./errors.ts";

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
