import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ask } from "../../api.ts";
import { CopyText } from "../../ui/copy-text.tsx";
import { Fields } from "../../ui/fields.tsx";
import { Section } from "../../ui/section.tsx";

interface Health {
  version: string;
  build: string;
}

/** Which program answers, and where. */
export function About() {
  const health = useQuery({
    queryKey: ["healthz"],
    queryFn: async ({ signal }): Promise<Health> => (await fetch("/healthz", { signal })).json(),
  });
  const services = useQuery(ask("listServices", { pageSize: 1 }));
  const scoring = services.data?.items[0]?.scoringUri;
  return (
    <>
      <Section title="Addresses">
        <Fields
          entries={[
            ["Pages and API", window.location.origin],
            ["Scoring", scoring === undefined ? "told when there is a service" : new URL(scoring).origin],
            ["MLflow", `MLFLOW_TRACKING_URI=${window.location.origin}`],
            [
              "Reference",
              <span key="reference">
                <Anchor href="/docs">of the API</Anchor>, <Anchor href="/openapi.json">OpenAPI</Anchor>
              </span>,
            ],
          ]}
        />
        <CopyText
          text={`export MODELYARD_URL=${window.location.origin}\nexport MODELYARD_TOKEN=…`}
          label="for a command line elsewhere"
        />
      </Section>
      <Section title="Version">
        <Fields
          entries={[
            ["Modelyard", health.data?.version],
            ["Build", health.data?.build],
          ]}
        />
      </Section>
    </>
  );
}
