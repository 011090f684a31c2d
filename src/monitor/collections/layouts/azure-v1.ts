import type { Table } from "../../../records/table.ts";
import { csvLines } from "../csv.ts";
import { dayOf, type FilePart, folderOf, type Layout, type LayoutRecord } from "./layout.ts";

const workspace = "default/default/default";
const correlations = [
  "$aml_dc_correlation_id",
  "$aml_dc_scoring_timestamp",
  "$aml_dc_boundary",
  "$aml_workspace",
  "$aml_service_name",
  "$aml_model_name",
  "$aml_model_version",
  "$aml_request_id",
];

/**
 * As ModelDataCollector of azureml-monitoring 0.1.0a21 files it: `modeldata/<workspace>/<service>/<model>/<version>/<designation>/<yyyy>/<mm>/<dd>/<designation>.csv`,
 * predictions under the time of their inputs, both with the eight columns that correlate them.
 */
export const azureV1: Layout = (record) => [
  ...fileOf(record, "inputs", record.inputs),
  ...fileOf(record, "predictions", record.predictions),
];

function fileOf(record: LayoutRecord, designation: "inputs" | "predictions", table: Table | null): FilePart[] {
  if (table === null) return [];
  const { service, at, id, correlationId } = record;
  const { name, version } = record.model ?? { name: "default", version: "default" };
  // as Python's isoformat() has it, in UTC without a zone
  const time = `${at.toISOString().slice(0, -1)}000`;
  const values = [correlationId, time, 1440, workspace, service, name, version, id];
  return [
    {
      path: `modeldata/${workspace}/${service}/${folderOf(name)}/${version}/${designation}/${dayOf(at)}/${designation}.csv`,
      head: csvLines([[...table.columns, ...correlations]]).toString(),
      lines: csvLines(table.rows.map((row) => [...row, ...values])).toString(),
    },
  ];
}
