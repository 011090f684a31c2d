import type { Generated } from "kysely";
import type { Stage } from "../../contract/model.ts";

/** The tables the registry speaks of; each file of this folder uses some of them. */
export interface PairRow {
  name: string;
  version: number;
  key: string;
  value: string;
  /** That of the version. */
  created_at: number;
}
export interface ModelRow {
  name: string;
  last_version: number;
  created_at: number;
  id: string;
  description: string | null;
  created_by: string;
  updated_at: number;
  deleted_at: number | null;
}
export interface VersionRow {
  name: string;
  version: number;
  description: string | null;
  framework: string | null;
  framework_version: string | null;
  digest: string;
  size: number;
  reading: string | null;
  created_at: number;
  created_by: string;
  updated_at: number;
  archived_at: number | null;
  stage: Stage;
  source: string | null;
  run_id: string | null;
  dataset: string | null;
  lineage: string;
  signature: string | null;
  sample: string | null;
}
export interface AliasRow {
  name: string;
  alias: string;
  version: number;
  protected: number;
  updated_at: number;
}
export interface Tables {
  models: ModelRow;
  model_tags: { name: string; key: string; value: string };
  versions: VersionRow;
  version_files: { name: string; version: number; path: string; digest: string; size: number };
  version_tags: PairRow;
  version_properties: PairRow;
  version_metrics: { name: string; version: number; key: string; value: number };
  aliases: AliasRow;
  /** Belongs to monitor, which fills it; it goes with its version. */
  baselines: { name: string | null };
  model_history: {
    id: Generated<number>;
    model: string;
    name: string;
    version: number | null;
    at: number;
    by_whom: string;
    action: string;
    detail: string;
  };
  image_files: { digest: string; path: string; blob: string };
  artifacts: { path: string; digest: string };
  datasets: { name: string; digest: string | null; state: string };
}
