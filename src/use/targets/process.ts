import type { SeenState } from "../../contract/host.ts";
import type { HostControl } from "../../kernel/host-control.ts";
import { defineTarget, type Target } from "../target.ts";

/** Services as worker processes of the one host that runs beside the server. */
export function processTarget({
  control,
  ensureHost,
  serverUrl,
  recordKeyFile,
}: {
  control: HostControl;
  ensureHost: () => Promise<void>;
  /** Where this server is; empty while it does not listen yet. */
  serverUrl: () => string;
  /** Where the key of hmac rules is. */
  recordKeyFile: string;
}): Target {
  return defineTarget({
    name: "process",
    needs: ["python3 with venv"],
    async apply(services) {
      await ensureHost();
      await control.putWanted({ services: [...services], server: serverUrl() || null, recordKeyFile });
    },
    observe: (wait): Promise<SeenState> => control.seen(wait),
    score: (...asked) => control.score(...asked),
    logs: (service, revision, options) => control.logs(service, revision, options),
    scoringUrl: () => control.scoringUrl(),
  });
}
