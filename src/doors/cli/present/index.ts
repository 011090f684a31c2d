import type { OperationName } from "../../../contract/operations.ts";
import { buildImage } from "./build-image.ts";
import { createToken } from "./create-token.ts";
import { deleteModel } from "./delete-model.ts";
import { deleteService } from "./delete-service.ts";
import { deployService } from "./deploy-service.ts";
import { getImage } from "./get-image.ts";
import { getModel } from "./get-model.ts";
import { getRecord } from "./get-record.ts";
import { getService } from "./get-service.ts";
import { getServiceHistory } from "./get-service-history.ts";
import { getServiceKeys } from "./get-service-keys.ts";
import { getServiceLogs } from "./get-service-logs.ts";
import { invokeService } from "./invoke-service.ts";
import { listImages } from "./list-images.ts";
import { listModels } from "./list-models.ts";
import { listRecords } from "./list-records.ts";
import { listServices } from "./list-services.ts";
import { listTokens } from "./list-tokens.ts";
import type { Presenter } from "./presenter.ts";
import { regenerateServiceKey } from "./regenerate-service-key.ts";
import { registerModel } from "./register-model.ts";
import { revokeToken } from "./revoke-token.ts";
import { rollBackService } from "./roll-back-service.ts";
import { startService } from "./start-service.ts";
import { stopService } from "./stop-service.ts";
import { summariseUsage } from "./summarise-usage.ts";
import { tagModel } from "./tag-model.ts";
import { updateService } from "./update-service.ts";

/** Operations whose command writes by itself, and those that are no command. */
type Unpresented = "downloadFile" | "exportRecords" | "uploadBlob" | "findBlob";

/** How each command tells its answer to people; the type makes the list complete. */
export const presenters: { [Name in Exclude<OperationName, Unpresented>]: Presenter<Name> } = {
  buildImage,
  createToken,
  deleteModel,
  deleteService,
  deployService,
  getImage,
  getModel,
  getRecord,
  getService,
  getServiceHistory,
  getServiceKeys,
  getServiceLogs,
  invokeService,
  listImages,
  listModels,
  listRecords,
  listServices,
  listTokens,
  regenerateServiceKey,
  registerModel,
  revokeToken,
  rollBackService,
  startService,
  stopService,
  summariseUsage,
  tagModel,
  updateService,
};
