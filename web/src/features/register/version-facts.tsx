import { Code, SimpleGrid, Stack, Text } from "@mantine/core";
import { type AnswerOf, useChange } from "../../api.ts";
import { useMay } from "../../session.ts";
import { CopyAs } from "../../ui/copy-as.tsx";
import { Fields } from "../../ui/fields.tsx";
import { bytesText } from "../../ui/numbers.ts";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";
import { EditDescription } from "./edit-description.tsx";
import { EditTags } from "./edit-tags.tsx";
import { Lineage } from "./lineage.tsx";
import { PairsTable } from "./pairs-table.tsx";
import { Scan } from "./scan.tsx";
import { ServiceLinks } from "./service-links.tsx";
import { AddProperty, SetStage } from "./version-actions.tsx";
import { Marks } from "./versions-table.tsx";

type Version = AnswerOf<"getModel">;

/** What is said of a version, and what it shows by itself. */
export function VersionFacts({ version }: { version: Version }) {
  const { name, version: number } = version;
  const may = useMay();
  const describe = useChange("tagModel");
  const tag = useChange("tagModel");
  const input = { name, version: number };
  return (
    <Stack>
      <EditDescription
        text={version.description}
        mayEdit={may("tagModel")}
        pending={describe.isPending}
        error={describe.error}
        onSave={(description) => describe.mutateAsync({ ...input, description })}
        copyAs={(description) => <CopyAs operation="tagModel" input={{ ...input, description }} />}
      />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Stack>
          <Overview version={version} />
          <Scan version={version} />
        </Stack>
        <Stack>
          <Lineage version={version} />
          <EditTags
            tags={version.tags}
            mayEdit={may("tagModel")}
            pending={tag.isPending}
            error={tag.error}
            onSave={(changes) => tag.mutateAsync({ ...input, ...changes })}
            copyAs={(changes) => <CopyAs operation="tagModel" input={{ ...input, ...changes }} />}
          />
          <Metrics version={version} />
          <Parameters version={version} />
          <Properties version={version} />
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}

function Metrics({ version: { metrics } }: { version: Version }) {
  return (
    <Section title="Metrics">
      {Object.keys(metrics).length === 0 ? (
        <Text size="sm" c="dimmed">
          None were given at the registration.
        </Text>
      ) : (
        <PairsTable label="Metrics" pairs={metrics} isNumeric />
      )}
    </Section>
  );
}

/** How it was trained, where that was logged. */
function Parameters({ version: { params } }: { version: Version }) {
  return Object.keys(params).length === 0 ? null : (
    <Section title="Parameters of the training">
      <PairsTable label="Parameters of the training" pairs={params} />
    </Section>
  );
}

function Properties({ version }: { version: Version }) {
  return (
    <Section title="Properties" actions={<AddProperty version={version} />}>
      {Object.keys(version.properties).length === 0 ? (
        <Text size="sm" c="dimmed">
          None yet.
        </Text>
      ) : (
        <PairsTable label="Properties" pairs={version.properties} />
      )}
    </Section>
  );
}

function Overview({ version }: { version: Version }) {
  const framework = [version.framework, version.frameworkVersion].filter(Boolean).join(" ");
  return (
    <Section title="Overview" actions={<SetStage version={version} />}>
      <Fields
        entries={[
          ["Live in", <ServiceLinks key="services" services={version.services} limit={20} />],
          ["Marks", <Marks key="marks" version={version} />],
          ["Framework", framework === "" ? "Not known" : framework],
          ["MLflow flavours", version.flavors.length === 0 ? null : version.flavors.join(", ")],
          ["Size", version.external ? "At its source only" : bytesText(version.size)],
          ["Digest", <Code key="digest">{version.digest}</Code>],
          ["Archived", version.archivedAt === null ? null : <Time key="archived" at={version.archivedAt} />],
        ]}
      />
    </Section>
  );
}
