import type { Migration } from "kysely";
import { first } from "./0001-first.ts";
import { events } from "./0002-events.ts";
import { registry } from "./0003-registry.ts";
import { tracking } from "./0004-tracking.ts";
import { pastImages } from "./0005-past-images.ts";
import { search } from "./0006-search.ts";
import { uploads } from "./0007-uploads.ts";
import { recordTraces } from "./0008-record-traces.ts";
import { recordTiers } from "./0009-record-tiers.ts";
import { profiles } from "./0010-profiles.ts";
import { labels } from "./0011-labels.ts";
import { usageAlerts } from "./0012-usage-alerts.ts";
import { collections } from "./0013-collections.ts";
import { datasets } from "./0015-datasets.ts";
import { externalServices } from "./0019-external-services.ts";
import { sessions } from "./0020-sessions.ts";
import { settledFiles } from "./0022-settled-files.ts";
import { recordWeights } from "./0023-record-weights.ts";
import { hostDrops } from "./0024-host-drops.ts";
import { recordPacks } from "./0025-record-packs.ts";
import { collectedColumns } from "./0026-collected-columns.ts";

/** Every migration by its name; names sort in the order they run. */
export const migrations: Record<string, Migration> = {
  "0001-first": first,
  "0002-events": events,
  "0003-registry": registry,
  "0004-tracking": tracking,
  "0005-past-images": pastImages,
  "0006-search": search,
  "0007-uploads": uploads,
  "0008-record-traces": recordTraces,
  "0009-record-tiers": recordTiers,
  "0010-profiles": profiles,
  "0011-labels": labels,
  "0012-usage-alerts": usageAlerts,
  "0013-collections": collections,
  "0015-datasets": datasets,
  "0019-external-services": externalServices,
  "0020-sessions": sessions,
  "0022-settled-files": settledFiles,
  "0023-record-weights": recordWeights,
  "0024-host-drops": hostDrops,
  "0025-record-packs": recordPacks,
  "0026-collected-columns": collectedColumns,
};
