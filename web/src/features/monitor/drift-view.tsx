import { Group, NativeSelect, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { ModelyardError } from "../../../../src/contract/errors.ts";
import { askOn } from "../../api.ts";
import { CopyAs } from "../../ui/copy-as.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { countText } from "../../ui/numbers.ts";
import { Section } from "../../ui/section.tsx";
import { shellWord } from "../../ui/shell-word.ts";
import { State } from "../../ui/state.tsx";
import { BaselineCard, SetBaseline } from "./baseline-card.tsx";
import { driftVerdict } from "./drift-cell.tsx";
import { DriftColumn } from "./drift-column.tsx";
import { DriftTable } from "./drift-table.tsx";
import { byAttention, type DriftColumn as Column, type DriftReport } from "./drift-words.ts";
import { FilterText } from "./filter-text.tsx";
import { given } from "./search-values.ts";

export interface DriftSearch {
  column?: string | undefined;
  side?: "inputs" | "predictions" | undefined;
  window?: string | undefined;
  revision?: number | undefined;
}

/** What a service was asked and answered beside its baseline: all columns, and one of them whole. */
export function DriftView({
  service,
  search,
  onSearch,
}: {
  service: string;
  search: DriftSearch;
  onSearch: (change: DriftSearch) => void;
}) {
  const { window, revision } = search;
  const input = { service, ...given({ window, revision }) };
  const drift = useQuery({ ...askOn("showDrift", input), refetchInterval: 60_000 });
  if (drift.error instanceof ModelyardError && drift.error.code === "baseline-not-found")
    return (
      <Section title="Drift" actions={<SetBaseline service={service} />}>
        <Empty command={`modelyard baseline set ${shellWord(service)} --file train.csv`}>
          It has no baseline to be compared with: the rows its model was trained on, or a window of its own past.
        </Empty>
      </Section>
    );
  return (
    <Stack>
      <Group gap="sm" align="flex-end">
        <NativeSelect
          label="Windows of"
          size="xs"
          data={[{ value: "", label: "what traffic allows" }, "5m", "15m", "1h", "6h", "1d", "7d"]}
          value={window ?? ""}
          onChange={(event) => onSearch({ window: event.currentTarget.value || undefined })}
        />
        <FilterText
          label="Revision"
          width="6rem"
          placeholder="any"
          pattern={/^[1-9]\d{0,8}$/}
          problem="a number"
          value={revision === undefined ? undefined : String(revision)}
          onChange={(text) => onSearch({ revision: text === undefined ? undefined : Number(text) })}
        />
        <CopyAs operation="showDrift" input={input} />
      </Group>
      <Loaded query={drift}>
        {(report) => <Report report={report} input={input} search={search} onSearch={onSearch} />}
      </Loaded>
    </Stack>
  );
}

function Report({
  report,
  input,
  search,
  onSearch,
}: {
  report: DriftReport;
  input: { service: string; window?: string; revision?: number };
  search: DriftSearch;
  onSearch: (change: DriftSearch) => void;
}) {
  const top = useRef<HTMLDivElement>(null);
  const { inputs, predictions, windows, window, confirm, of, newColumns, redacted } = report;
  const columns = [...inputs.columns, ...(predictions?.columns ?? [])];
  const chosen =
    columns.find(({ column, side }) => column === search.column && side === (search.side ?? side)) ??
    byAttention(columns)[0];
  const { word, color } = driftVerdict(report);
  const rows = windows.reduce((sum, { rows }) => sum + rows, 0);
  const choose = ({ column, side }: Column) => {
    onSearch({ column, side });
    top.current?.scrollIntoView({ behavior: "smooth", block: "nearest" });
  };
  return (
    <Stack>
      <Group gap="xs" ref={top} style={{ scrollMarginTop: 70 }}>
        <State word={word} color={color ?? "gray"} />
        <Text size="sm">
          {inputs.score === null ? "No score without enough data" : `Score ${inputs.score.toFixed(2)}`};{" "}
          {countText(rows)} rows in {windows.length} windows of {window}; a column drifts when it differs in {confirm}{" "}
          of {of}.
        </Text>
      </Group>
      {chosen === undefined ? null : <DriftColumn report={report} column={chosen} input={input} />}
      <Section title="Inputs">
        {inputs.columns.length === 0 ? (
          <Text size="sm">There is no baseline of the inputs.</Text>
        ) : (
          <DriftTable label="Inputs" columns={inputs.columns} chosen={chosen} onChoose={choose} />
        )}
        <Notes newColumns={newColumns} redacted={redacted} />
      </Section>
      {predictions === null ? null : (
        <Section title="Predictions">
          <DriftTable label="Predictions" columns={predictions.columns} chosen={chosen} onChoose={choose} />
        </Section>
      )}
      <BaselineCard service={report.service} baseline={report.baseline} />
    </Stack>
  );
}

export function Notes({ newColumns, redacted }: Pick<DriftReport, "newColumns" | "redacted">) {
  return (
    <>
      {newColumns.length === 0 ? null : (
        <Text size="sm">Columns that the baseline does not have: {newColumns.join(", ")}</Text>
      )}
      {redacted.length === 0 ? null : (
        <Text size="sm">Not compared, as rules change what is kept: {redacted.join(", ")}</Text>
      )}
    </>
  );
}
