import { Box } from "@mantine/core";
import { useEffect, useRef } from "react";

/** What long work tells while it goes on; the newest line is in sight unless somebody reads above it. */
export function ProgressLines({
  lines,
  label,
  follows = true,
}: {
  lines: readonly string[];
  label: string;
  /** False for what is read from its beginning. */
  follows?: boolean;
}) {
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines move the end
  useEffect(() => {
    const element = box.current;
    if (follows && isAtEnd.current && element !== null) element.scrollTop = element.scrollHeight;
  }, [lines]);
  return (
    <Box
      ref={box}
      role={follows ? "log" : "group"}
      aria-label={label}
      tabIndex={0}
      ff="monospace"
      fz="xs"
      mah="40vh"
      style={{ overflow: "auto", whiteSpace: "pre-wrap" }}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isAtEnd.current = scrollTop + clientHeight > scrollHeight - 24;
      }}
    >
      {lines.map((line, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name
        <div key={place}>{line}</div>
      ))}
    </Box>
  );
}
