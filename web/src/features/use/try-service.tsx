import { Button, Group, NativeSelect, SegmentedControl, SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { SpokenLanguage } from "../../../../src/contract/host.ts";
import type { Manifest } from "../../../../src/contract/image.ts";
import type { ServiceDetail } from "../../../../src/contract/use.ts";
import { ask, useChange } from "../../api.ts";
import { CopyAs } from "../../ui/copy-as.tsx";
import { ErrorCard } from "../../ui/error-card.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Section } from "../../ui/section.tsx";
import { shellWord } from "../../ui/shell-word.ts";
import { LanguageChoice } from "./language-choice.tsx";
import type { Method } from "./request-body.ts";
import { RequestFields } from "./request-fields.tsx";
import { useRequestForm, type Way } from "./request-form.ts";
import type { ServicePartProps } from "./search.ts";
import { TryAnswer } from "./try-answer.tsx";

const wayNames: Record<Way, string> = { fields: "Fields", rows: "Rows", raw: "Raw body" };

/** Sends requests to a service through the server, so that no key is needed, and shows the answers. */
export function TryService({ service, search, onSearch }: ServicePartProps) {
  const image = useQuery(ask("getImage", { digest: service.image }));
  return (
    <Loaded query={image}>
      {({ manifest }) => (
        <Try
          key={service.image}
          service={service}
          manifest={manifest}
          language={search.language ?? "azure"}
          onLanguage={(language) => onSearch({ ...search, language })}
        />
      )}
    </Loaded>
  );
}

function Try({
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
  const { name, state } = service;
  const form = useRequestForm(manifest, language);
  const invoke = useChange("invokeService");
  const input = { name, body: form.body.text ?? "", language };
  const isOfItsOwn = manifest.upstream !== undefined;
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
      <Section title="Request">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (form.body.problem === null) invoke.mutate(input);
          }}
        >
          <Stack gap="sm">
            <Group gap="sm" align="flex-end">
              {isOfItsOwn ? null : (
                <LanguageChoice
                  language={language}
                  onLanguage={(next) => {
                    if (form.columns !== null) form.setRaw(null);
                    onLanguage(next);
                  }}
                />
              )}
              {form.columns === null || form.way === "raw" ? null : (
                <NativeSelect
                  label="Asks for"
                  data={[
                    { value: "predict", label: "predictions" },
                    { value: "predict_proba", label: "probabilities" },
                  ]}
                  value={form.method}
                  onChange={({ currentTarget: { value } }) => form.setMethod(value as Method)}
                />
              )}
            </Group>
            {form.offered.length < 2 ? null : (
              <SegmentedControl
                size="xs"
                w="fit-content"
                aria-label="How the request is written"
                data={form.offered.map((way) => ({ value: way, label: wayNames[way] }))}
                value={form.way}
                onChange={(way) => form.setWay(way as Way)}
              />
            )}
            <RequestFields form={form} />
            {form.columns === null && !isOfItsOwn ? (
              <Text size="xs" c="dimmed">
                An entry script answers: it says what a body must be. In the other languages it is asked only when it is
                decorated or its sample is a JSON object.
              </Text>
            ) : null}
            <Group gap="xs">
              <Button
                type="submit"
                loading={invoke.isPending}
                disabled={form.body.problem !== null || state === "stopped"}
              >
                Send
              </Button>
              <CopyAs operation="invokeService" input={input} command={commandOf(input)} />
            </Group>
            {state === "stopped" ? <Text size="sm">The service is stopped; start it to try it.</Text> : null}
          </Stack>
        </form>
      </Section>
      <Section title="Answer">
        {invoke.error !== null ? (
          <ErrorCard error={invoke.error} />
        ) : invoke.data === undefined ? (
          <Text size="sm" c="dimmed">
            {manifest.sample === null
              ? "Fill in a request and send it."
              : "The sample of the image is filled in: send it to see an answer."}
          </Text>
        ) : (
          <TryAnswer service={service} language={invoke.variables?.language ?? "azure"} answer={invoke.data} />
        )}
      </Section>
    </SimpleGrid>
  );
}

const commandOf = ({ name, body, language }: { name: string; body: string; language: SpokenLanguage }): string =>
  [
    "modelyard service invoke",
    name,
    ...(language === "azure" ? [] : ["--language", language]),
    "--data",
    shellWord(body),
  ].join(" ");
