import type { Model, ModelVersion } from "../../contract/model.ts";
import type { Operation } from "../../contract/operation.ts";
import type { Actor, Context, Handlers } from "../../contract/operations.ts";
import type { ModelReference } from "../../contract/reference.ts";
import type { Found, SourceInput, Tracking } from "../../contract/tracking.ts";
import type { Log } from "../../kernel/log.ts";

/** What a search of MLflow clients asks; filter and order are in MLflow's own grammar. */
interface RegistrySearch {
  filter?: string | undefined;
  orderBy: string[];
  limit: number;
  pageToken?: string | undefined;
}

/** What MLflow clients ask of the registry and no operation of the contract answers in their form. */
export interface MlflowRegistry {
  /** A model; an unknown one is model-not-found. */
  getModel(name: string): Promise<Model>;
  /** A version by its number or by an alias. */
  getVersion(reference: ModelReference): Promise<ModelVersion>;
  /** The highest version of each stage, or of each of the named stages, of every model. */
  latestByStage(names: readonly string[]): Promise<Map<string, ModelVersion[]>>;
  searchModels(search: RegistrySearch): Promise<Found<Model>>;
  searchVersions(search: RegistrySearch): Promise<Found<ModelVersion>>;
  /** Makes a version of what a source points to, with the bytes that stand there now. */
  registerSource(input: SourceInput, context: Context): Promise<ModelVersion>;
  /** Where the files of a version can be read. */
  downloadUri(version: ModelVersion): Promise<string>;
}

type RegistryOperations =
  | "createModel"
  | "updateModel"
  | "renameModel"
  | "deleteWholeModel"
  | "tagModel"
  | "deleteModel"
  | "setAlias"
  | "deleteAlias"
  | "transitionStage";
type WebhookOperations =
  | "createWebhook"
  | "listWebhooks"
  | "getWebhook"
  | "updateWebhook"
  | "deleteWebhook"
  | "testWebhook";

export interface MlflowPorts {
  handlers: Pick<Handlers, RegistryOperations | WebhookOperations>;
  tracking: Tracking;
  registry: MlflowRegistry;
  /** Finds who asks and refuses a role that is not enough. */
  admit(authorization: string | undefined, what: Pick<Operation, "id" | "role">): Promise<Actor>;
  log: Log;
}
