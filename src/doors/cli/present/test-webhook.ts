import { exitCodes } from "../../../contract/exit-codes.ts";
import type { Presenter } from "./presenter.ts";

export const testWebhook: Presenter<"testWebhook"> = ({ success, responseStatus, responseBody, error }) => ({
  data: success ? `The receiver answered ${responseStatus}` : `The receiver did not take it: ${error}`,
  ...(responseBody ? { talk: responseBody } : {}),
  exitCode: success ? exitCodes.done : exitCodes.refused,
});
