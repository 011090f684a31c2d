import type { z } from "zod";
import * as access from "./access.ts";
import * as alerts from "./alerts.ts";
import * as collections from "./collections.ts";
import * as datasets from "./datasets.ts";
import * as drift from "./drift.ts";
import * as events from "./events.ts";
import * as image from "./image.ts";
import * as labels from "./labels.ts";
import * as models from "./models.ts";
import * as monitor from "./monitor.ts";
import type { BytesAnswer, Operation, Progress, Role } from "./operation.ts";
import * as quality from "./quality.ts";
import * as records from "./records.ts";
import * as register from "./register.ts";
import * as update from "./update.ts";
import * as use from "./use.ts";
import * as webhooks from "./webhooks.ts";

/** Every operation, by the name its function has in its room. */
export const operations = {
  createToken: access.createToken,
  listTokens: access.listTokens,
  revokeToken: access.revokeToken,
  getSession: access.getSession,
  createSignInLink: access.createSignInLink,
  listEvents: events.listEvents,
  followEvents: events.followEvents,
  createWebhook: webhooks.createWebhook,
  listWebhooks: webhooks.listWebhooks,
  getWebhook: webhooks.getWebhook,
  updateWebhook: webhooks.updateWebhook,
  deleteWebhook: webhooks.deleteWebhook,
  testWebhook: webhooks.testWebhook,
  listDeliveries: webhooks.listDeliveries,
  redeliverEvent: webhooks.redeliverEvent,
  uploadBlob: register.uploadBlob,
  findBlob: register.findBlob,
  getUpload: register.getUpload,
  registerModel: register.registerModel,
  attachFiles: register.attachFiles,
  listModels: register.listModels,
  getModel: register.getModel,
  tagModel: register.tagModel,
  downloadFile: register.downloadFile,
  deleteModel: register.deleteModel,
  createModel: models.createModel,
  listModelNames: models.listModelNames,
  updateModel: models.updateModel,
  renameModel: models.renameModel,
  deleteWholeModel: models.deleteWholeModel,
  archiveVersion: models.archiveVersion,
  restoreVersion: models.restoreVersion,
  setAlias: models.setAlias,
  deleteAlias: models.deleteAlias,
  transitionStage: models.transitionStage,
  getModelHistory: models.getModelHistory,
  whatServed: models.whatServed,
  verifyRegistry: models.verifyRegistry,
  buildImage: image.buildImage,
  listImages: image.listImages,
  getImage: image.getImage,
  deleteImage: image.deleteImage,
  deployService: use.deployService,
  listServices: use.listServices,
  getService: use.getService,
  getRecordRules: use.getRecordRules,
  getServiceLogs: use.getServiceLogs,
  invokeService: use.invokeService,
  stopService: use.stopService,
  startService: use.startService,
  deleteService: use.deleteService,
  getServiceKeys: use.getServiceKeys,
  regenerateServiceKey: use.regenerateServiceKey,
  createServiceToken: use.createServiceToken,
  listRecords: records.listRecords,
  getRecord: records.getRecord,
  exportRecords: records.exportRecords,
  getRecordStatus: records.getRecordStatus,
  compactRecords: records.compactRecords,
  eraseRecords: records.eraseRecords,
  summariseUsage: monitor.summariseUsage,
  whoUsesModel: monitor.whoUsesModel,
  listUnusedModels: monitor.listUnusedModels,
  showDrift: drift.showDrift,
  showProfile: drift.showProfile,
  setBaseline: drift.setBaseline,
  removeBaseline: drift.removeBaseline,
  listCollections: collections.listCollections,
  getCollection: collections.getCollection,
  exportCollection: collections.exportCollection,
  addLabels: labels.addLabels,
  importLabels: labels.importLabels,
  listLabels: labels.listLabels,
  createAlert: alerts.createAlert,
  listAlerts: alerts.listAlerts,
  getAlert: alerts.getAlert,
  deleteAlert: alerts.deleteAlert,
  silenceAlert: alerts.silenceAlert,
  testAlert: alerts.testAlert,
  reportService: alerts.reportService,
  showQuality: quality.showQuality,
  createDataset: datasets.createDataset,
  listDatasets: datasets.listDatasets,
  getDataset: datasets.getDataset,
  downloadDataset: datasets.downloadDataset,
  deleteDataset: datasets.deleteDataset,
  rebuildDataset: datasets.rebuildDataset,
  updateService: update.updateService,
  rollBackService: update.rollBackService,
  getServiceHistory: update.getServiceHistory,
  listChanges: update.listChanges,
};

type Operations = typeof operations;
export type OperationName = keyof Operations;

/** Input as a caller writes it (defaults may be left out). */
export type InputOf<Name extends OperationName> = z.input<Operations[Name]["input"]>;
/** Input as a handler gets it (validated, defaults filled in). */
export type ParsedInputOf<Name extends OperationName> = z.output<Operations[Name]["input"]>;
export type OutputOf<Name extends OperationName> = z.output<Operations[Name]["output"]>;

/** The token that asks, or that the session which asks was opened with. Names may be given twice, ids are not. */
export interface Actor {
  id: string;
  name: string;
  role: Role;
  kind: "token" | "session";
  /** When the token or the session ends; null: when it is revoked. */
  expiresAt: number | null;
}

/** Who asks, and the ways to talk back while work is going on. */
export interface Context {
  actor: Actor;
  requestId: string;
  /** What sent the request: a program's name for itself, and its address when that is elsewhere. */
  client: string | null;
  progress(event: Progress): void;
  /** Aborted when nobody waits for the answer any more. */
  signal: AbortSignal;
  /** The request body of operations that take bytes. */
  body: AsyncIterable<Uint8Array>;
}

type Answers<Name extends OperationName> = Name extends
  | "downloadFile"
  | "exportRecords"
  | "downloadDataset"
  | "exportCollection"
  ? BytesAnswer
  : Name extends "followEvents"
    ? AsyncIterable<OutputOf<Name>>
    : OutputOf<Name>;
export type Handler<Name extends OperationName> = (
  input: ParsedInputOf<Name>,
  context: Context,
) => Promise<Answers<Name>>;
export type Handlers = { [Name in OperationName]: Handler<Name> };

export const operationEntries = Object.entries(operations) as [OperationName, Operation][];
