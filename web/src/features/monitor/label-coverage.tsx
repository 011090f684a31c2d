import { Progress, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ask } from "../../api.ts";
import { CopyAs } from "../../ui/copy-as.tsx";
import { TextLink } from "../../ui/links.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { countText, percentText } from "../../ui/numbers.ts";
import { Section } from "../../ui/section.tsx";

/** How many of a service's predictions of the last seven days have a label. */
export function LabelCoverage({ service }: { service: string }) {
  const input = { service, since: "7d" };
  const quality = useQuery({ ...ask("showQuality", input), staleTime: 60_000 });
  return (
    <Section title="Coverage, 7 days" actions={<CopyAs operation="showQuality" input={input} />}>
      <Loaded query={quality}>
        {({ items: [item] }) => {
          const { rows, labelled, coverage } = item ?? { rows: 0, labelled: 0, coverage: null };
          return (
            <>
              <Text size="sm">
                {countText(labelled)} of {countText(rows)} predictions have a label
                {coverage === null ? "" : ` (${percentText(coverage)})`}.{" "}
                <TextLink inherit to="/monitor/services/$name" params={{ name: service }} search={{ tab: "quality" }}>
                  What they say
                </TextLink>
              </Text>
              <Progress value={(coverage ?? 0) * 100} aria-label="Share of the predictions with a label" />
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}
