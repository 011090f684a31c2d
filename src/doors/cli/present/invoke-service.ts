import { exitCodes } from "../../../contract/exit-codes.ts";
import type { Presenter } from "./presenter.ts";

export const invokeService: Presenter<"invokeService"> = ({ status, answer, durationMs, requestId }) => ({
  data: answer,
  talk: `Status ${status} in ${durationMs.toFixed(1)} ms, request ${requestId}`,
  exitCode: status < 400 ? exitCodes.done : status < 500 ? exitCodes.mistake : exitCodes.refused,
});
