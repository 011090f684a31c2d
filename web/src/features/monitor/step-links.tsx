import { Code } from "@mantine/core";
import { TextLink } from "../../ui/links.tsx";
import { VersionLink } from "../../ui/version-link.tsx";
import { useWhereabouts } from "./use-whereabouts.ts";

export const VersionLinks = ({ models }: { models: readonly string[] }) => (
  <>
    {models.map((model, place) => (
      <span key={model}>
        {place === 0 ? "" : ", "}
        <VersionLink inherit reference={model} />
      </span>
    ))}
  </>
);

/** A service that is not deployed here has no page to lead to. */
export function UseLink({ service }: { service: string }) {
  if (useWhereabouts(service) !== "here") return service;
  return (
    <TextLink inherit to="/use/services/$name" params={{ name: service }}>
      {service}
    </TextLink>
  );
}

export const ImageLink = ({ digest }: { digest: string }) => (
  <TextLink inherit to="/use/images/$digest" params={{ digest }} title={digest}>
    <Code>{digest.slice(0, 12)}</Code>
  </TextLink>
);
