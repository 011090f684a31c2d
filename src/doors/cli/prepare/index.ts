import type { OperationName } from "../../../contract/operations.ts";
import type { Preparation } from "../preparation.ts";
import { addLabels } from "./add-labels.ts";
import { archiveVersion } from "./archive-version.ts";
import { attachFiles } from "./attach-files.ts";
import { buildImage } from "./build-image.ts";
import { deleteDataset } from "./delete-dataset.ts";
import { deleteModel } from "./delete-model.ts";
import { deployService } from "./deploy-service.ts";
import { downloadDataset } from "./download-dataset.ts";
import { downloadFile } from "./download-file.ts";
import { exportCollection } from "./export-collection.ts";
import { exportRecords } from "./export-records.ts";
import { followEvents } from "./follow-events.ts";
import { getDataset } from "./get-dataset.ts";
import { getModel } from "./get-model.ts";
import { importLabels } from "./import-labels.ts";
import { invokeService } from "./invoke-service.ts";
import { rebuildDataset } from "./rebuild-dataset.ts";
import { regenerateServiceKey } from "./regenerate-service-key.ts";
import { registerModel } from "./register-model.ts";
import { reportService } from "./report-service.ts";
import { restoreVersion } from "./restore-version.ts";
import { setAlias } from "./set-alias.ts";
import { setBaseline } from "./set-baseline.ts";
import { tagModel } from "./tag-model.ts";
import { testAlert } from "./test-alert.ts";
import { transitionStage } from "./transition-stage.ts";
import { updateService } from "./update-service.ts";
import { whoUsesModel } from "./who-uses-model.ts";

/** The commands that need more than their contract entry; all others are made from it alone. */
export const preparations: { [Name in OperationName]?: Preparation<Name> } = {
  addLabels,
  buildImage,
  deleteDataset,
  deleteModel,
  archiveVersion,
  attachFiles,
  restoreVersion,
  setAlias,
  setBaseline,
  transitionStage,
  deployService,
  downloadDataset,
  downloadFile,
  exportCollection,
  exportRecords,
  followEvents,
  getDataset,
  getModel,
  importLabels,
  invokeService,
  regenerateServiceKey,
  rebuildDataset,
  registerModel,
  tagModel,
  testAlert,
  reportService,
  updateService,
  whoUsesModel,
};
