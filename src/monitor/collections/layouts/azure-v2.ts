import type { Table } from "../../../records/table.ts";
import { dayOf, type FilePart, type Layout, type LayoutRecord } from "./layout.ts";

/**
 * As the data collector of Azure ML's managed endpoints files it: a CloudEvent in each line of
 * `modelDataCollector/<endpoint>/<deployment>/<collection>/<yyyy>/<MM>/<dd>/<HH>/<instance>.jsonl`. Data stay in the line, whatever their size.
 */
export const azureV2: Layout = (record) => [
  ...eventOf(record, "model_inputs", record.inputs),
  ...eventOf(record, "model_outputs", record.predictions),
];

function eventOf(record: LayoutRecord, collection: string, table: Table | null): FilePart[] {
  if (table === null) return [];
  const { service, revision, at, id, correlationId, model } = record;
  const data = table.rows.map((row) =>
    Object.fromEntries(table.columns.map((column, place) => [column, row[place] ?? null])),
  );
  const size = Buffer.byteLength(JSON.stringify(data));
  const event = {
    specversion: "1.0",
    id: `${id}/${collection}`,
    source: `/services/${service}/revisions/${revision}`,
    type: `azureml.inference.${collection}`,
    datacontenttype: "application/json",
    time: at.toISOString(),
    data,
    contentrange: `bytes 0-${size - 1}/${size}`,
    correlationid: correlationId,
    xrequestid: id,
    modelversion: model?.version ?? "default",
    collectdatatype: "pandas.core.frame.DataFrame",
    agent: "modelyard",
  };
  const hour = at.toISOString().slice(11, 13);
  const folder = `modelDataCollector/${service}/revision-${revision}/${collection}/${dayOf(at)}/${hour}`;
  return [{ path: `${folder}/modelyard.jsonl`, head: "", lines: `${JSON.stringify(event)}\n` }];
}
