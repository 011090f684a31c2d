import { Box, Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { ServiceDetail } from "../../../../src/contract/use.ts";
import { type AnswerOf, askOn } from "../../api.ts";
import { CopyAs } from "../../ui/copy-as.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { countText } from "../../ui/numbers.ts";
import { shellWord } from "../../ui/shell-word.ts";
import type { ServiceSearch } from "./search.ts";

const lines = 500;
const everyMs = 2_000;
const mostRevisions = 50;

/** The end of a revision's log as it grows; which lines are shown stands in the address. */
export function ServiceLogs({
  service: { name, revision: current },
  search,
  onSearch,
}: {
  service: ServiceDetail;
  search: ServiceSearch;
  onSearch: (search: ServiceSearch) => void;
}) {
  const [isPaused, setPaused] = useState(false);
  const [request] = useDebouncedValue(search.request, 300);
  const input = { name, tail: lines, revision: search.revision, requestId: request };
  const query = useQuery({ ...askOn("getServiceLogs", input), refetchInterval: isPaused ? false : everyMs });
  const revisions = Array.from({ length: Math.min(current, mostRevisions) }, (_, back) => String(current - back));
  return (
    <Stack gap="sm">
      <Group gap="sm" align="flex-end">
        <NativeSelect
          label="Revision"
          data={[{ value: "", label: "current" }, ...revisions]}
          value={search.revision === undefined ? "" : String(search.revision)}
          onChange={({ currentTarget: { value } }) =>
            onSearch({ ...search, revision: value === "" ? undefined : Number(value) })
          }
        />
        <TextInput
          label="Request id"
          value={search.request ?? ""}
          onChange={({ currentTarget: { value } }) => onSearch({ ...search, request: value.trim() || undefined })}
          style={{ flex: "1 1 12rem" }}
        />
        <TextInput
          label="Text"
          type="search"
          value={search.text ?? ""}
          onChange={({ currentTarget: { value } }) => onSearch({ ...search, text: value || undefined })}
          style={{ flex: "1 1 10rem" }}
        />
        <Button variant="default" size="xs" onClick={() => setPaused(!isPaused)} aria-pressed={isPaused}>
          {isPaused ? "Follow" : "Pause"}
        </Button>
        <CopyAs operation="getServiceLogs" input={input} />
      </Group>
      <Loaded query={query}>
        {(answer) => <Lines answer={answer} text={search.text ?? ""} follows={!isPaused} name={name} />}
      </Loaded>
    </Stack>
  );
}

function Lines({
  answer,
  text,
  follows,
  name,
}: {
  answer: AnswerOf<"getServiceLogs">;
  text: string;
  follows: boolean;
  name: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const wanted = text.toLowerCase();
  const shown = answer.lines.filter((line) => line.toLowerCase().includes(wanted));
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines move the end
  useEffect(() => {
    const element = box.current;
    if (follows && isAtEnd.current && element !== null) element.scrollTop = element.scrollHeight;
  }, [answer, follows, text]);
  if (answer.lines.length === 0)
    return (
      <Empty command={`modelyard service logs ${shellWord(name)}`}>Its workers have written nothing of this.</Empty>
    );
  return (
    <Stack gap={4}>
      <Box
        ref={box}
        role="region"
        aria-label={`Log of revision ${answer.revision}`}
        tabIndex={0}
        ff="monospace"
        fz="xs"
        p="sm"
        bd="1px solid var(--mantine-color-default-border)"
        mah="60vh"
        style={{ overflow: "auto", whiteSpace: "pre-wrap", borderRadius: "var(--mantine-radius-default)" }}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          isAtEnd.current = scrollTop + clientHeight > scrollHeight - 24;
        }}
      >
        {shown.map((line, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name
          <div key={place}>{line}</div>
        ))}
      </Box>
      <Text size="xs" c="dimmed">
        Revision {answer.revision}, {shown.length === answer.lines.length ? "" : `${countText(shown.length)} of `}
        {answer.lines.length >= lines
          ? `the last ${countText(lines)} lines`
          : `${countText(answer.lines.length)} lines`}
        {follows ? ", following" : ", paused"}
      </Text>
    </Stack>
  );
}
