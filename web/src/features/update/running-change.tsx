import { Button, Loader, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { ErrorCard } from "../../ui/error-card.tsx";
import { ProgressLines } from "../../ui/progress-lines.tsx";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";
import { Differences } from "./differences.tsx";
import { actionText, type Entry } from "./history.ts";
import type { RollOut } from "./use-roll-out.ts";

/** A change that is going on, whoever started it, with what it tells when it was started here; and how one from here ended. */
export function RunningChange({ entry, rollOut }: { entry: Entry | undefined; rollOut: RollOut }) {
  const { lines, isPending, error, forget } = rollOut;
  const isRunning = entry !== undefined || isPending;
  const place = useRef<HTMLDivElement>(null);
  // it was started further down the page
  useEffect(() => {
    if (isPending) place.current?.scrollIntoView({ block: "nearest" });
  }, [isPending]);
  if (!isRunning && lines.length === 0 && error === null) return null;
  return (
    <div ref={place} style={{ scrollMarginTop: "4rem" }}>
      <Section
        title={
          entry !== undefined
            ? actionText(entry)
            : isPending
              ? "Preparing the change"
              : error === null
                ? "How it went"
                : "It failed"
        }
        actions={
          isRunning ? (
            <Loader size="xs" />
          ) : (
            <Button variant="default" size="xs" onClick={forget}>
              Close
            </Button>
          )
        }
      >
        {isRunning ? (
          <Text size="sm" role="status">
            {entry === undefined ? null : (
              <>
                Begun by {entry.by} <Time at={entry.at} />
                {entry.reason === null ? "" : `: ${entry.reason}`}.{" "}
              </>
            )}
            What answers now goes on until the new revision is ready. This goes on when you leave the page.
          </Text>
        ) : null}
        {entry === undefined ? null : <Differences differences={entry.differences} />}
        {error === null ? null : <ErrorCard error={error} />}
        {lines.length === 0 ? null : <ProgressLines lines={lines} label="Progress" />}
      </Section>
    </div>
  );
}
