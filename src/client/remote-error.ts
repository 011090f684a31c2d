import { ModelyardError, type PublicError } from "../contract/errors.ts";
import { type RemoteError, remoteError } from "../contract/remote-error.ts";

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
