import { Button, Progress, Stack, Text } from "@mantine/core";
import { ErrorCard } from "../../../ui/error-card.tsx";
import { bytesText, countText, durationText } from "../../../ui/numbers.ts";
import { Section } from "../../../ui/section.tsx";
import type { UploadState } from "./use-upload.ts";

/** How far an upload is, in words and as a bar. */
export function UploadProgress({
  upload: { chosen = [], progress, rate, error, files },
  onRetry,
  onCancel,
}: {
  upload: UploadState;
  onRetry: () => void;
  onCancel: () => void;
}) {
  const total = chosen.reduce((sum, { file }) => sum + file.size, 0);
  const done = files === undefined ? (progress?.done ?? 0) : total;
  const share = total === 0 ? 100 : (100 * done) / total;
  const [first] = chosen;
  const what = chosen.length === 1 ? (first?.path ?? "") : `${countText(chosen.length)} files`;
  return (
    <Section
      title={`${what}, ${bytesText(total)}`}
      actions={
        <>
          {error === undefined ? null : (
            <Button size="xs" onClick={onRetry}>
              Go on
            </Button>
          )}
          <Button variant="default" size="xs" onClick={onCancel}>
            {files === undefined ? "Cancel" : "Choose another"}
          </Button>
        </>
      }
    >
      <Stack gap="xs">
        <Progress value={share} aria-label={`Upload of ${what}`} color={files === undefined ? undefined : "green"} />
        <Text size="sm" aria-live={progress === undefined ? "polite" : "off"}>
          {files === undefined ? statusText(progress, rate) : "All bytes are on the server."}
        </Text>
        {error === undefined ? null : <ErrorCard error={error} />}
      </Stack>
    </Section>
  );
}

function statusText(progress: UploadState["progress"], rate: number | undefined): string {
  if (progress === undefined) return "Stopped. What had arrived before is kept for a day.";
  const { doing, done, total, here, waitMs, path } = progress;
  if (waitMs !== undefined) return `The connection broke. It goes on in ${durationText(waitMs)}.`;
  const left = rate === undefined || rate === 0 ? "" : `, about ${wholeSeconds((total - done) / rate)} left`;
  const speed = rate === undefined ? "" : ` at ${bytesText(Math.round(rate))} a second${left}`;
  const known = here === 0 ? "" : `; ${bytesText(here)} were here already`;
  const verb = doing === "reading" ? "Reading" : "Sending";
  return `${verb} ${path}: ${bytesText(done)} of ${bytesText(total)}${speed}${known}`;
}

const wholeSeconds = (seconds: number): string => durationText(Math.max(1, Math.ceil(seconds)) * 1_000);
