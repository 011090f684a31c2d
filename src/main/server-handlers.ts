import { createSignInLink } from "../access/create-sign-in-link.ts";
import { createToken } from "../access/create-token.ts";
import { getSession } from "../access/get-session.ts";
import { listTokens } from "../access/list-tokens.ts";
import { revokeToken } from "../access/revoke-token.ts";
import type { Handlers } from "../contract/operations.ts";
import { createWebhook } from "../events/create-webhook.ts";
import { deleteWebhook } from "../events/delete-webhook.ts";
import type { EventFeed } from "../events/event-feed.ts";
import { followEvents } from "../events/follow-events.ts";
import { getWebhook } from "../events/get-webhook.ts";
import { listDeliveries } from "../events/list-deliveries.ts";
import { listEvents } from "../events/list-events.ts";
import { listWebhooks } from "../events/list-webhooks.ts";
import type { EventsPorts } from "../events/ports.ts";
import { redeliverEvent } from "../events/redeliver-event.ts";
import { testWebhook } from "../events/test-webhook.ts";
import { updateWebhook } from "../events/update-webhook.ts";
import { createAlert } from "../monitor/alerts/create-alert.ts";
import { deleteAlert } from "../monitor/alerts/delete-alert.ts";
import { getAlert } from "../monitor/alerts/get-alert.ts";
import { listAlerts } from "../monitor/alerts/list-alerts.ts";
import type { AlertPorts } from "../monitor/alerts/ports.ts";
import { silenceAlert } from "../monitor/alerts/silence-alert.ts";
import { testAlert } from "../monitor/alerts/test-alert.ts";
import { removeBaseline } from "../monitor/baseline/remove-baseline.ts";
import { setBaseline } from "../monitor/baseline/set-baseline.ts";
import { compactRecords } from "../monitor/collect/compact-records.ts";
import { eraseRecords } from "../monitor/collect/erase-records.ts";
import { exportRecords } from "../monitor/collect/export-records.ts";
import { getRecord } from "../monitor/collect/get-record.ts";
import { getRecordStatus } from "../monitor/collect/get-record-status.ts";
import type { Ingest } from "../monitor/collect/ingest.ts";
import type { RecordKeeper } from "../monitor/collect/keeper.ts";
import { listRecords } from "../monitor/collect/list-records.ts";
import { exportCollection } from "../monitor/collections/export-collection.ts";
import { getCollection } from "../monitor/collections/get-collection.ts";
import { listCollections } from "../monitor/collections/list-collections.ts";
import { createDataset } from "../monitor/datasets/create-dataset.ts";
import { deleteDataset } from "../monitor/datasets/delete-dataset.ts";
import { downloadDataset } from "../monitor/datasets/download-dataset.ts";
import { getDataset } from "../monitor/datasets/get-dataset.ts";
import { listDatasets } from "../monitor/datasets/list-datasets.ts";
import type { DatasetPorts } from "../monitor/datasets/ports.ts";
import { rebuildDataset } from "../monitor/datasets/rebuild-dataset.ts";
import { showDrift } from "../monitor/drift/show-drift.ts";
import { addLabels } from "../monitor/labels/add-labels.ts";
import { importLabels } from "../monitor/labels/import-labels.ts";
import { listLabels } from "../monitor/labels/list-labels.ts";
import type { MonitorPorts } from "../monitor/ports.ts";
import { showProfile } from "../monitor/profile/show-profile.ts";
import { showQuality } from "../monitor/quality/show-quality.ts";
import type { ReportPorts } from "../monitor/report/ports.ts";
import { reportService } from "../monitor/report/report-service.ts";
import { listUnusedModels } from "../monitor/usage/list-unused-models.ts";
import { summariseUsage } from "../monitor/usage/summarise-usage.ts";
import { whoUsesModel } from "../monitor/usage/who-uses-model.ts";
import { archiveVersion } from "../register/archive-version.ts";
import { attachFiles } from "../register/attach-files.ts";
import { createModel } from "../register/create-model.ts";
import { deleteAlias } from "../register/delete-alias.ts";
import { deleteModel } from "../register/delete-model.ts";
import { deleteWholeModel } from "../register/delete-whole-model.ts";
import { downloadFile } from "../register/download-file.ts";
import { findBlob } from "../register/find-blob.ts";
import { getModel } from "../register/get-model.ts";
import { getModelHistory } from "../register/get-model-history.ts";
import { getUpload } from "../register/get-upload.ts";
import { listModelNames } from "../register/list-model-names.ts";
import { listModels } from "../register/list-models.ts";
import type { RegisterPorts } from "../register/ports.ts";
import { registerModel } from "../register/register-model.ts";
import { renameModel } from "../register/rename-model.ts";
import { restoreVersion } from "../register/restore-version.ts";
import { setAlias } from "../register/set-alias.ts";
import { tagModel } from "../register/tag-model.ts";
import { transitionStage } from "../register/transition-stage.ts";
import { updateModel } from "../register/update-model.ts";
import { uploadBlob } from "../register/upload-blob.ts";
import { verifyRegistry } from "../register/verify-registry.ts";
import { getServiceHistory } from "../update/get-service-history.ts";
import { listChanges } from "../update/list-changes.ts";
import { rollBackService } from "../update/roll-back-service.ts";
import { updateService } from "../update/update-service.ts";
import { buildImage } from "../use/build-image.ts";
import { createServiceToken } from "../use/create-service-token.ts";
import { deleteImage } from "../use/delete-image.ts";
import { deleteService } from "../use/delete-service.ts";
import { deployService } from "../use/deploy-service.ts";
import { getImage } from "../use/get-image.ts";
import { getRecordRules } from "../use/get-record-rules.ts";
import { getService } from "../use/get-service.ts";
import { getServiceKeys } from "../use/get-service-keys.ts";
import { getServiceLogs } from "../use/get-service-logs.ts";
import { invokeService } from "../use/invoke-service.ts";
import { listImages } from "../use/list-images.ts";
import { listServices } from "../use/list-services.ts";
import type { UsePorts } from "../use/ports.ts";
import { regenerateServiceKey } from "../use/regenerate-service-key.ts";
import { startService } from "../use/start-service.ts";
import { stopService } from "../use/stop-service.ts";
import { whatServed } from "../use/what-served.ts";

/** Every operation of the contract with its function; the type refuses a missing one. */
export function makeHandlers(
  ports: EventsPorts &
    RegisterPorts &
    UsePorts &
    MonitorPorts &
    AlertPorts &
    ReportPorts &
    DatasetPorts & {
      feed: EventFeed;
      ingest: Ingest;
      keeper: RecordKeeper;
      recordsFolder: string;
      mostRecordBytes: number | null;
    },
): Handlers {
  return {
    createToken: createToken(ports),
    listTokens: listTokens(ports),
    revokeToken: revokeToken(ports),
    getSession: getSession(),
    createSignInLink: createSignInLink(ports),
    listEvents: listEvents(ports),
    followEvents: followEvents(ports),
    createWebhook: createWebhook(ports),
    listWebhooks: listWebhooks(ports),
    getWebhook: getWebhook(ports),
    updateWebhook: updateWebhook(ports),
    deleteWebhook: deleteWebhook(ports),
    testWebhook: testWebhook(ports),
    listDeliveries: listDeliveries(ports),
    redeliverEvent: redeliverEvent(ports),
    uploadBlob: uploadBlob(ports),
    findBlob: findBlob(ports),
    getUpload: getUpload(ports),
    registerModel: registerModel(ports),
    attachFiles: attachFiles(ports),
    listModels: listModels(ports),
    getModel: getModel(ports),
    tagModel: tagModel(ports),
    downloadFile: downloadFile(ports),
    deleteModel: deleteModel(ports),
    createModel: createModel(ports),
    listModelNames: listModelNames(ports),
    updateModel: updateModel(ports),
    renameModel: renameModel(ports),
    deleteWholeModel: deleteWholeModel(ports),
    archiveVersion: archiveVersion(ports),
    restoreVersion: restoreVersion(ports),
    setAlias: setAlias(ports),
    deleteAlias: deleteAlias(ports),
    transitionStage: transitionStage(ports),
    getModelHistory: getModelHistory(ports),
    whatServed: whatServed(ports),
    verifyRegistry: verifyRegistry(ports),
    buildImage: buildImage(ports),
    listImages: listImages(ports),
    getImage: getImage(ports),
    deleteImage: deleteImage(ports),
    deployService: deployService(ports),
    listServices: listServices(ports),
    getRecordRules: getRecordRules(ports),
    getService: getService(ports),
    getServiceLogs: getServiceLogs(ports),
    invokeService: invokeService(ports),
    stopService: stopService(ports),
    startService: startService(ports),
    deleteService: deleteService(ports),
    getServiceKeys: getServiceKeys(ports),
    regenerateServiceKey: regenerateServiceKey(ports),
    createServiceToken: createServiceToken(ports),
    listRecords: listRecords(ports),
    getRecord: getRecord(ports),
    exportRecords: exportRecords(ports),
    getRecordStatus: getRecordStatus(ports),
    compactRecords: compactRecords(ports),
    eraseRecords: eraseRecords(ports),
    summariseUsage: summariseUsage(ports),
    whoUsesModel: whoUsesModel(ports),
    listUnusedModels: listUnusedModels(ports),
    showDrift: showDrift(ports),
    showProfile: showProfile(ports),
    setBaseline: setBaseline(ports),
    removeBaseline: removeBaseline(ports),
    listCollections: listCollections(ports),
    getCollection: getCollection(ports),
    exportCollection: exportCollection(ports),
    addLabels: addLabels(ports),
    importLabels: importLabels(ports),
    listLabels: listLabels(ports),
    createAlert: createAlert(ports),
    listAlerts: listAlerts(ports),
    getAlert: getAlert(ports),
    deleteAlert: deleteAlert(ports),
    silenceAlert: silenceAlert(ports),
    testAlert: testAlert(ports),
    reportService: reportService(ports),
    showQuality: showQuality(ports),
    createDataset: createDataset(ports),
    listDatasets: listDatasets(ports),
    getDataset: getDataset(ports),
    downloadDataset: downloadDataset(ports),
    deleteDataset: deleteDataset(ports),
    rebuildDataset: rebuildDataset(ports),
    updateService: updateService(ports),
    rollBackService: rollBackService(ports),
    getServiceHistory: getServiceHistory(ports),
    listChanges: listChanges(ports),
  };
}
