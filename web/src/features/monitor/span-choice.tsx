import { SegmentedControl } from "@mantine/core";

const spans = ["1h", "1d", "7d", "30d"];

/** How far back is looked. */
export const SpanChoice = ({ value, onChange }: { value: string; onChange: (since: string) => void }) => (
  <SegmentedControl
    size="xs"
    aria-label="Span of time"
    data={spans.includes(value) ? spans : [...spans, value]}
    value={value}
    onChange={onChange}
  />
);
