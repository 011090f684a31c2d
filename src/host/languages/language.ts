import type { ModelyardError } from "../../contract/errors.ts";
import type { Answer } from "../answer.ts";
import type { HttpRequest } from "../http/http-request.ts";
import type { Asked } from "../routes.ts";
import type { ScorePorts } from "../score.ts";
import type { ServiceTable } from "../service-table.ts";

export interface ServerPorts extends ScorePorts {
  table: ServiceTable;
  /** Metrics of the services that `shows` lets pass, and of the host, as Prometheus reads them. */
  metricsText(shows: (service: string) => boolean): string;
  /** The version of Modelyard. */
  version: string;
  /** The folder with `errors/<code>.md`. */
  docsFolder: string;
  /** The server that decides what runs here, as it told last; null when none ever did. */
  serverUrl(): string | null;
}

/** One HTTP request at the scoring port. */
export interface Call {
  asked: Asked;
  request: HttpRequest;
  requestId: string;
  ports: ServerPorts;
}

/** A request language: its routes, and how it says that a request failed. */
export interface Language {
  /** The answer, or undefined when scoring gives it. Keys are checked before a body is read. Errors are thrown. */
  route(call: Call): Answer | undefined | Promise<Answer | undefined>;
  errorAnswer(error: ModelyardError, call: Call): Answer;
}
