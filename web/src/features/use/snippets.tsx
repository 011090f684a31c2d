import { Anchor, Button, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { SpokenLanguage } from "../../../../src/contract/host.ts";
import type { Manifest } from "../../../../src/contract/image.ts";
import type { ServiceDetail } from "../../../../src/contract/use.ts";
import { ask } from "../../api.ts";
import { useMay } from "../../session.ts";
import { CopyText } from "../../ui/copy-text.tsx";
import { ErrorCard } from "../../ui/error-card.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Section } from "../../ui/section.tsx";
import { columnsOf, namesOf } from "./columns.ts";
import { LanguageChoice } from "./language-choice.tsx";
import { bodyOf } from "./request-body.ts";
import { rowsOfBody } from "./rows.ts";
import type { ServicePartProps } from "./search.ts";
import { addressOf, howToRun, isFromFile, type SnippetKind, snippetOf } from "./snippets.ts";

const kinds: { value: SnippetKind; label: string }[] = [
  { value: "curl", label: "curl" },
  { value: "python", label: "Python" },
  { value: "typescript", label: "TypeScript" },
  { value: "java", label: "Java" },
];

/** Programs that send the sample request, ready to be pasted. */
export function Snippets({ service, search, onSearch }: ServicePartProps) {
  const image = useQuery(ask("getImage", { digest: service.image }));
  return (
    <Loaded query={image}>
      {({ manifest }) => (
        <Snippet
          service={service}
          manifest={manifest}
          language={manifest.upstream === undefined ? (search.language ?? "azure") : "azure"}
          onLanguage={(language) => onSearch({ ...search, language })}
        />
      )}
    </Loaded>
  );
}

function Snippet({
  service,
  manifest,
  language,
  onLanguage,
}: {
  service: ServiceDetail;
  manifest: Manifest;
  language: SpokenLanguage;
  onLanguage: (language: SpokenLanguage) => void;
}) {
  const { name, settings } = service;
  const [kind, setKind] = useState<SnippetKind>("curl");
  const [isShown, setShown] = useState(false);
  const keys = useQuery({ ...ask("getServiceKeys", { name }), enabled: isShown, gcTime: 0 });
  const mayKeys = useMay()("getServiceKeys");
  const secret = isShown ? keys.data?.primary : undefined;
  const body = sampleIn(language, manifest);
  const request = {
    url: addressOf(language, service),
    body: body ?? "{}",
    key: settings.auth === "none" ? null : secret === undefined ? ("variable" as const) : { secret },
  };
  return (
    <Section title="Call it from your program">
      <Group gap="sm" align="flex-end">
        {manifest.upstream === undefined ? <LanguageChoice language={language} onLanguage={onLanguage} /> : null}
        <SegmentedControl
          aria-label="Programming language"
          data={kinds}
          value={kind}
          onChange={(next) => setKind(next as SnippetKind)}
        />
      </Group>
      {body === null ? (
        <Text size="sm">
          The image has no sample in this language: put your own body where the snippet says {"{}"}.
        </Text>
      ) : null}
      {request.key === null ? (
        <Text size="sm">This service is open: it needs no key.</Text>
      ) : (
        <Group gap="xs">
          <Text size="sm">
            {request.key === "variable"
              ? "The key is read from the variable KEY: export KEY=mk_••••••••"
              : "The primary key stands in the snippet."}
          </Text>
          {mayKeys ? (
            <Button
              variant="default"
              size="compact-xs"
              loading={isShown && keys.isPending}
              onClick={() => setShown(!isShown)}
            >
              {isShown ? "Hide the key" : "Show the key"}
            </Button>
          ) : null}
        </Group>
      )}
      {keys.error === null ? null : <ErrorCard error={keys.error} />}
      <CopyText text={snippetOf(kind, request)} label={`${kind} snippet`} />
      <Stack gap={4}>
        <Text size="xs" c="dimmed">
          {howToRun[kind]}
          {isFromFile(request) ? " The sample is long: keep it as body.json beside it." : ""}
        </Text>
        {isFromFile(request) ? (
          <Anchor size="xs" href={`data:application/json,${encodeURIComponent(request.body)}`} download="body.json">
            Download body.json
          </Anchor>
        ) : null}
      </Stack>
    </Section>
  );
}

/** The sample of an image in a language; null when there is none. */
function sampleIn(language: SpokenLanguage, manifest: Manifest): string | null {
  if (columnsOf(manifest) === null) return language === "azure" ? manifest.sample : null;
  const rows = rowsOfBody(manifest.sample);
  return rows === undefined ? null : bodyOf(language, rows, namesOf(manifest), "predict");
}
