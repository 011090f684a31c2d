import { List, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ImageDetail, Manifest } from "../../../../src/contract/image.ts";
import { ask, useChange } from "../../api.ts";
import { useMay } from "../../session.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { CopyText } from "../../ui/copy-text.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Fields } from "../../ui/fields.tsx";
import { ButtonLink, TextLink } from "../../ui/links.tsx";
import { bytesText, countText } from "../../ui/numbers.ts";
import { ProgressLines } from "../../ui/progress-lines.tsx";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";
import { VersionLink } from "../../ui/version-link.tsx";
import { prettyJson } from "./answer.ts";

/** Everything an image holds. */
export function ImageView({ image }: { image: ImageDetail }) {
  const { manifest } = image;
  return (
    <Stack>
      <Facts image={image} />
      <Files manifest={manifest} />
      {manifest.environment === null ? null : (
        <Section title={`Environment: ${countText(manifest.environment.lock.length)} packages`}>
          <ProgressLines label="Packages of the environment" lines={manifest.environment.lock} follows={false} />
        </Section>
      )}
      {manifest.sample === null ? null : (
        <Section title="Sample request">
          <Text size="sm" c="dimmed">
            Sent to every new revision before it gets traffic.
          </Text>
          <CopyText text={prettyJson(manifest.sample)} label="sample" />
        </Section>
      )}
      {image.log.length === 0 ? null : (
        <Section title="Build log">
          <ProgressLines label="Lines of the build log" lines={image.log} />
        </Section>
      )}
    </Stack>
  );
}

function Facts({ image }: { image: ImageDetail }) {
  const { digest, models, engine, engineReason, manifest, createdAt, createdBy } = image;
  const services = useQuery(ask("listServices", { pageSize: 1000 }));
  const using = services.data?.items.filter((service) => service.image === digest) ?? [];
  const { compiled, environment, upstream, pii = [], script } = manifest;
  return (
    <Section title="What it is">
      <Fields
        entries={[
          ["Digest", <CopyText key="digest" text={digest} label="digest" />],
          [
            "Models",
            models.length === 0
              ? null
              : models.map((model) => <VersionLink key={model} reference={model} display="block" />),
          ],
          ["Entry script", script?.entry],
          ["Engine", `${engine} – ${engineReason}`],
          [
            "Compiled",
            compiled === undefined
              ? null
              : `${compiled.file.path}, ${bytesText(compiled.file.size)}, with Python ${compiled.python}: ${compiled.packages.join(", ")}`,
          ],
          ["Answered by", upstream === undefined ? null : (upstream.url ?? upstream.command?.join(" "))],
          ["Python", environment === null ? "not needed" : environment.python],
          ["Takes", takes(manifest)],
          ["Personal data", pii.length === 0 ? null : pii.join(", ")],
          ["Built", <Time key="built" at={createdAt} />],
          ["By", createdBy],
          [
            "Services",
            using.length === 0
              ? "none runs it now"
              : using.map(({ name }) => (
                  <TextLink key={name} to="/use/services/$name" params={{ name }} display="block" size="sm">
                    {name}
                  </TextLink>
                )),
          ],
        ]}
      />
    </Section>
  );
}

function takes({ signature: { input } }: Manifest): string {
  if (input.kind === "text") return "text: what it means is up to what answers";
  if (input.names !== null) return `rows of ${countText(input.names.length)} columns: ${input.names.join(", ")}`;
  return input.columns === null ? "rows" : `rows of ${countText(input.columns)} numbers`;
}

function Files({ manifest: { models, script } }: { manifest: Manifest }) {
  const files = [
    ...models.flatMap(({ name, version, files }) => files.map((file) => ({ of: `${name}:${version}`, ...file }))),
    ...(script?.files.map((file) => ({ of: "entry script", ...file })) ?? []),
  ];
  if (files.length === 0) return null;
  return (
    <Section title="Files">
      <DataTable
        label="Files by model"
        columns={["Of", "Path", { label: "Size", align: "right" }, "SHA-256"]}
        minWidth={480}
      >
        {files.map(({ of, path, size, digest }) => (
          <Table.Tr key={`${of} ${path}`}>
            <Table.Td>{of}</Table.Td>
            <Table.Td>{path}</Table.Td>
            <Table.Td ta="right">{bytesText(size)}</Table.Td>
            <Table.Td ff="monospace" title={digest}>
              {digest.slice(0, 12)}
            </Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
    </Section>
  );
}

/** What can be done with an image. */
export function ImageActions({ image: { digest } }: { image: ImageDetail }) {
  const may = useMay();
  const navigate = useNavigate();
  const remove = useChange("deleteImage", { onDone: () => navigate({ to: "/use/images" }) });
  return (
    <>
      {may("deployService") ? (
        <ButtonLink to="/use/deploy" search={{ image: digest }} variant="default" size="xs">
          Deploy it
        </ButtonLink>
      ) : null}
      {may("deleteImage") ? (
        <Confirm
          label="Delete"
          title={`Delete image ${digest.slice(0, 12)}?`}
          operation="deleteImage"
          input={{ digest }}
          pending={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutateAsync({ digest })}
        >
          <List size="sm">
            <List.Item>Services cannot roll back to revisions that ran it.</List.Item>
            <List.Item>Its models stay; a build from the same parts makes the same image again.</List.Item>
            <List.Item>When a service runs it, nothing is deleted and the services are named.</List.Item>
          </List>
        </Confirm>
      ) : null}
    </>
  );
}
