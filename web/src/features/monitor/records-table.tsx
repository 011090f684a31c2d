import { Box, Button, Group, Stack, Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type MouseEvent, memo, type RefObject, useEffect, useRef } from "react";
import { Empty } from "../../ui/empty.tsx";
import { ErrorCard } from "../../ui/error-card.tsx";
import { invokeLine } from "../../ui/invoke-line.ts";
import { countText, durationText } from "../../ui/numbers.ts";
import type { RecordRow } from "./record-row.ts";
import { useBlocksInSight } from "./use-blocks-in-sight.ts";
import { type Kept, type RecordFilter, useRecordFeed } from "./use-record-feed.ts";

const rowHeight = 34;
/**
 * Rows are placed by fives: Chromium keeps a style for every parent that a cell ever had, and looks through them all, so that rows which
 * are placed one by one cost more with every row that was ever in sight.
 */
const blockRows = 5;
const blockHeight = blockRows * rowHeight;
/** The next page is asked for when so many rows are left below. */
const ahead = 100;

const zone = new Intl.DateTimeFormat("en-GB", { timeZoneName: "short" })
  .formatToParts(0)
  .find(({ type }) => type === "timeZoneName")?.value;
const timeFormat = new Intl.DateTimeFormat("en-GB", {
  ...({ day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" } as const),
});

/** Captured records, newest first; older ones come as they are scrolled to. */
export function RecordsTable({ filter, onClear }: { filter: RecordFilter; onClear: () => void }) {
  const { state, held } = useRecordFeed(filter);
  const { feed } = held;
  const { records, hasMore, isLoading, error, newer, isNewerCut } = state;
  const place = useRef<HTMLDivElement>(null);
  if (records.length === 0) {
    if (error !== null) return <ErrorCard error={error} />;
    if (hasMore || isLoading) return <Text aria-busy="true">Loading …</Text>;
    return <NoRecords filter={filter} onClear={onClear} />;
  }
  return (
    <Stack gap={4}>
      <Group justify="space-between" mih={30}>
        <Text size="sm" c="dimmed" aria-live="polite">
          {countText(records.length)} {hasMore ? "loaded; scrolling loads more" : "in all"}
        </Text>
        {newer.length === 0 ? null : (
          <Button
            size="xs"
            variant="light"
            onClick={() => {
              feed.showNewer();
              place.current?.scrollTo(0, 0);
              // the button goes away
              place.current?.focus({ preventScroll: true });
            }}
          >
            {countText(newer.length)}
            {isNewerCut ? " and more" : ""} new
          </Button>
        )}
      </Group>
      <Rows place={place} records={records} hasMore={hasMore} held={held} />
      {error === null ? null : (
        <>
          <ErrorCard error={error} />
          <Button variant="default" size="xs" w="fit-content" onClick={() => void feed.loadMore()}>
            Ask again
          </Button>
        </>
      )}
    </Stack>
  );
}

/** Of what is asked for beside the service, another request may have as little. */
function NoRecords({ filter: { service, ...more }, onClear }: { filter: RecordFilter; onClear: () => void }) {
  if (Object.values(more).some((value) => value !== undefined))
    return (
      <Stack gap="xs" py="lg" align="flex-start">
        <Text>No record fits these filters.</Text>
        <Button variant="default" size="xs" onClick={onClear}>
          Clear the filters
        </Button>
      </Stack>
    );
  return <Empty command={invokeLine(service)}>No record yet. A request that is sent now is here a second later.</Empty>;
}

/**
 * Only the rows in sight are in the page, all of one height and of plain elements: a hundred thousand scroll like a hundred.
 */
function Rows({
  place,
  records,
  hasMore,
  held,
}: {
  place: RefObject<HTMLDivElement | null>;
  records: readonly RecordRow[];
  hasMore: boolean;
  held: Kept;
}) {
  const open = useOpenRecord();
  const { first, count, base } = useBlocksInSight(place, blockHeight, held);
  const end = Math.min(first + count, Math.ceil(records.length / blockRows));
  useEffect(() => {
    if (hasMore && (first + count) * blockRows >= records.length - ahead) void held.feed.loadMore();
  }, [held, hasMore, first, count, records.length]);
  return (
    <Box ref={place} className="records" role="region" aria-label="Records" tabIndex={0} onClick={open}>
      <table
        aria-rowcount={hasMore ? -1 : records.length + 1}
        style={{ height: rowHeight + Math.ceil(records.length / blockRows) * blockHeight }}
      >
        <Head />
        {Array.from({ length: end - first }, (_, place) => first + place).map((index) => (
          <Block key={index - base} records={records} first={index * blockRows} />
        ))}
      </table>
    </Box>
  );
}

/** A click on the link of a row opens it in this page; with a modifier the browser does what it always does. */
function useOpenRecord() {
  const navigate = useNavigate();
  return (event: MouseEvent) => {
    const link = (event.target as Element).closest("a");
    if (link === null || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void navigate({ href: link.getAttribute("href") ?? "" });
  };
}

const Head = memo(() => (
  <thead>
    <tr aria-rowindex={1}>
      <th scope="col">Time{zone === undefined ? "" : `, ${zone}`}</th>
      <th scope="col">Service, revision</th>
      <th scope="col">Model</th>
      <th scope="col">Status</th>
      <th scope="col" className="number">
        Took
      </th>
      <th scope="col">Caller</th>
      <th scope="col">Correlation id</th>
    </tr>
  </thead>
));

const Block = memo(({ records, first }: { records: readonly RecordRow[]; first: number }) => (
  <tbody style={{ transform: `translateY(${first * rowHeight}px)` }}>
    {records.slice(first, first + blockRows).map((record, place) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a place is filled anew
      <Row key={place} record={record} index={first + place} />
    ))}
  </tbody>
));

const Row = memo(({ record, index }: { record: RecordRow; index: number }) => {
  const { id, at, service, revision, models, status, durationMs, mirrored, caller, correlationId } = record;
  return (
    <tr aria-rowindex={index + 2}>
      <td>
        <a href={`/monitor/records/${encodeURIComponent(id)}${mirrored ? "?mirrored=true" : ""}`}>
          {timeFormat.format(at)}
        </a>
      </td>
      <td>
        {service}, {revision}
      </td>
      <td>{models || "–"}</td>
      <td className={status >= 500 ? "failed" : status >= 400 ? "refused" : undefined}>
        {status}
        {mirrored ? " mirror" : ""}
      </td>
      <td className="number">{durationText(durationMs)}</td>
      <td>{caller ?? "–"}</td>
      <td>{correlationId}</td>
    </tr>
  );
});
