import { Code } from "@mantine/core";
import { TextLink } from "../../ui/links.tsx";
import { VersionLink } from "../../ui/version-link.tsx";

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

export const UseLink = ({ service }: { service: string }) => (
  <TextLink inherit to="/use/services/$name" params={{ name: service }}>
    {service}
  </TextLink>
);

export const ImageLink = ({ digest }: { digest: string }) => (
  <TextLink inherit to="/use/images/$digest" params={{ digest }} title={digest}>
    <Code>{digest.slice(0, 12)}</Code>
  </TextLink>
);
