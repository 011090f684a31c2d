import type { OperationName } from "../../../contract/operations.ts";
import { addLabels } from "./add-labels.ts";
import { archiveVersion } from "./archive-version.ts";
import { attachFiles } from "./attach-files.ts";
import { buildImage } from "./build-image.ts";
import { compactRecords } from "./compact-records.ts";
import { createAlert } from "./create-alert.ts";
import { createDataset, rebuildDataset } from "./create-dataset.ts";
import { createModel } from "./create-model.ts";
import { createServiceToken } from "./create-service-token.ts";
import { createSignInLink } from "./create-sign-in-link.ts";
import { createToken } from "./create-token.ts";
import { createWebhook } from "./create-webhook.ts";
import { deleteAlert } from "./delete-alert.ts";
import { deleteAlias } from "./delete-alias.ts";
import { deleteDataset } from "./delete-dataset.ts";
import { deleteImage } from "./delete-image.ts";
import { deleteModel } from "./delete-model.ts";
import { deleteService } from "./delete-service.ts";
import { deleteWebhook } from "./delete-webhook.ts";
import { deleteWholeModel } from "./delete-whole-model.ts";
import { deployService } from "./deploy-service.ts";
import { eraseRecords } from "./erase-records.ts";
import { getAlert } from "./get-alert.ts";
import { getCollection } from "./get-collection.ts";
import { getDataset } from "./get-dataset.ts";
import { getImage } from "./get-image.ts";
import { getModel } from "./get-model.ts";
import { getModelHistory } from "./get-model-history.ts";
import { getRecord } from "./get-record.ts";
import { getRecordRules } from "./get-record-rules.ts";
import { getRecordStatus } from "./get-record-status.ts";
import { getService } from "./get-service.ts";
import { getServiceHistory } from "./get-service-history.ts";
import { getServiceKeys } from "./get-service-keys.ts";
import { getServiceLogs } from "./get-service-logs.ts";
import { getSession } from "./get-session.ts";
import { getWebhook } from "./get-webhook.ts";
import { invokeService } from "./invoke-service.ts";
import { listAlerts } from "./list-alerts.ts";
import { listChanges } from "./list-changes.ts";
import { listCollections } from "./list-collections.ts";
import { listDatasets } from "./list-datasets.ts";
import { listDeliveries } from "./list-deliveries.ts";
import { listEvents } from "./list-events.ts";
import { listImages } from "./list-images.ts";
import { listLabels } from "./list-labels.ts";
import { listModelNames } from "./list-model-names.ts";
import { listModels } from "./list-models.ts";
import { listRecords } from "./list-records.ts";
import { listServices } from "./list-services.ts";
import { listTokens } from "./list-tokens.ts";
import { listUnusedModels } from "./list-unused-models.ts";
import { listWebhooks } from "./list-webhooks.ts";
import type { Presenter } from "./presenter.ts";
import { redeliverEvent } from "./redeliver-event.ts";
import { regenerateServiceKey } from "./regenerate-service-key.ts";
import { registerModel } from "./register-model.ts";
import { removeBaseline } from "./remove-baseline.ts";
import { renameModel } from "./rename-model.ts";
import { reportService } from "./report-service.ts";
import { restoreVersion } from "./restore-version.ts";
import { revokeToken } from "./revoke-token.ts";
import { rollBackService } from "./roll-back-service.ts";
import { setAlias } from "./set-alias.ts";
import { setBaseline } from "./set-baseline.ts";
import { showDrift } from "./show-drift.ts";
import { showProfile } from "./show-profile.ts";
import { showQuality } from "./show-quality.ts";
import { silenceAlert } from "./silence-alert.ts";
import { startService } from "./start-service.ts";
import { stopService } from "./stop-service.ts";
import { summariseUsage } from "./summarise-usage.ts";
import { tagModel } from "./tag-model.ts";
import { testAlert } from "./test-alert.ts";
import { testWebhook } from "./test-webhook.ts";
import { transitionStage } from "./transition-stage.ts";
import { updateModel } from "./update-model.ts";
import { updateService } from "./update-service.ts";
import { updateWebhook } from "./update-webhook.ts";
import { verifyRegistry } from "./verify-registry.ts";
import { whatServed } from "./what-served.ts";
import { whoUsesModel } from "./who-uses-model.ts";

/** Operations whose command writes by itself, and those that are no command. */
type Unpresented =
  | "downloadDataset"
  | "downloadFile"
  | "exportRecords"
  | "followEvents"
  | "exportCollection"
  | "importLabels"
  | "uploadBlob"
  | "findBlob"
  | "getUpload";

/** How each command tells its answer to people; the type makes the list complete. */
export const presenters: { [Name in Exclude<OperationName, Unpresented>]: Presenter<Name> } = {
  addLabels,
  buildImage,
  compactRecords,
  eraseRecords,
  createDataset,
  rebuildDataset,
  deleteDataset,
  getDataset,
  listDatasets,
  showQuality,
  createServiceToken,
  createToken,
  createWebhook,
  deleteWebhook,
  getWebhook,
  listDeliveries,
  listEvents,
  listWebhooks,
  redeliverEvent,
  testWebhook,
  updateWebhook,
  deleteImage,
  deleteModel,
  createModel,
  listModelNames,
  updateModel,
  renameModel,
  deleteWholeModel,
  archiveVersion,
  restoreVersion,
  setAlias,
  deleteAlias,
  transitionStage,
  getModelHistory,
  whatServed,
  verifyRegistry,
  deleteService,
  deployService,
  getCollection,
  getImage,
  getModel,
  getRecord,
  getRecordStatus,
  getRecordRules,
  getService,
  getSession,
  createSignInLink,
  getServiceHistory,
  getServiceKeys,
  getServiceLogs,
  invokeService,
  listChanges,
  listCollections,
  listImages,
  listLabels,
  listModels,
  listRecords,
  listServices,
  listTokens,
  regenerateServiceKey,
  registerModel,
  attachFiles,
  revokeToken,
  rollBackService,
  startService,
  stopService,
  summariseUsage,
  showDrift,
  showProfile,
  setBaseline,
  removeBaseline,
  whoUsesModel,
  listUnusedModels,
  createAlert,
  listAlerts,
  getAlert,
  deleteAlert,
  silenceAlert,
  testAlert,
  reportService,
  tagModel,
  updateService,
};
