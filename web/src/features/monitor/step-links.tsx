import { Code } from "@mantine/core";
import { TextLink } from "../../ui/links.tsx";

/** A version by its reference, `name:version`; a name alone leads to the model. */
export function VersionLink({ model }: { model: string }) {
  const cut = model.lastIndexOf(":");
  if (cut < 0)
    return (
      <TextLink inherit to="/register/models/$name" params={{ name: model }}>
        {model}
      </TextLink>
    );
  const params = { name: model.slice(0, cut), version: model.slice(cut + 1) };
  return (
    <TextLink inherit to="/register/models/$name/$version" params={params}>
      {model}
    </TextLink>
  );
}

export const VersionLinks = ({ models }: { models: readonly string[] }) => (
  <>
    {models.map((model, place) => (
      <span key={model}>
        {place === 0 ? "" : ", "}
        <VersionLink model={model} />
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
