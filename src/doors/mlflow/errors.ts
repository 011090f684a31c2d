import type { ErrorCode, ModelyardError } from "../../contract/errors.ts";
import { asModelyardError } from "../../contract/known-error.ts";

/** What MLflow clients read of a failure. https://github.com/mlflow/mlflow/blob/master/mlflow/protos/databricks.proto */
export interface MlflowFailure {
  status: number;
  error_code: string;
  message: string;
}

/** A refusal that only this door knows, such as a missing parameter. */
export class MlflowError extends Error {
  readonly failure: MlflowFailure;
  constructor(status: number, error_code: string, message: string) {
    super(message);
    this.failure = { status, error_code, message };
  }
}

export const invalidParameter = (message: string): MlflowError =>
  new MlflowError(400, "INVALID_PARAMETER_VALUE", message);

/** Where MLflow's status or words differ from those of the table. */
const own: Partial<Record<ErrorCode, (error: ModelyardError) => MlflowFailure>> = {
  "invalid-input": ({ details }) => failure(400, "INVALID_PARAMETER_VALUE", String(details.problems)),
  "model-not-found": ({ details }) => failure(404, "RESOURCE_DOES_NOT_EXIST", notFound(String(details.model))),
  "model-empty": ({ details }) => failure(404, "RESOURCE_DOES_NOT_EXIST", notFound(String(details.model))),
  "model-exists": ({ details }) =>
    failure(400, "RESOURCE_ALREADY_EXISTS", `Registered Model (name=${details.model}) already exists.`),
  "model-name-used": (error) => failure(400, "RESOURCE_ALREADY_EXISTS", withFix(error)),
  "experiment-exists": ({ details }) =>
    failure(400, "RESOURCE_ALREADY_EXISTS", `Experiment(name=${details.experiment}) already exists.`),
  "alias-not-found": ({ details }) =>
    failure(400, "INVALID_PARAMETER_VALUE", `Registered model alias ${details.alias} not found.`),
  internal: () => failure(500, "INTERNAL_ERROR", "Modelyard met an error of its own"),
};

const byStatus: Record<number, string> = {
  400: "INVALID_PARAMETER_VALUE",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "RESOURCE_DOES_NOT_EXIST",
  409: "RESOURCE_CONFLICT",
  413: "BAD_REQUEST",
  503: "TEMPORARILY_UNAVAILABLE",
};

const failure = (status: number, error_code: string, message: string): MlflowFailure => ({
  status,
  error_code,
  message,
});
const withFix = ({ message, fix }: ModelyardError): string => `${message}. ${fix}`;

function notFound(reference: string): string {
  const [name, version] = reference.split(":");
  return version === undefined
    ? `Registered Model with name=${name} not found`
    : `Model Version (name=${name}, version=${version}) not found`;
}

/** Any failure in the words of MLflow. What a client cannot mend by asking again is never a 5xx it would repeat. */
export function toFailure(cause: unknown): MlflowFailure {
  if (cause instanceof MlflowError) return cause.failure;
  const { statusCode, message } = (cause ?? {}) as { statusCode?: number; message?: string };
  if (statusCode !== undefined && statusCode < 500)
    return failure(statusCode === 413 ? 413 : 400, "BAD_REQUEST", String(message));
  const error = asModelyardError(cause);
  const translate = own[error.code];
  if (translate !== undefined) return translate(error);
  const status = error.status === 422 ? 400 : error.status;
  return failure(status, byStatus[status] ?? "INTERNAL_ERROR", withFix(error));
}
