import { Anchor, Code } from "@mantine/core";

/** A version by its reference, `name:version`; a model alone has no version. */
export function VersionLink({ model }: { model: string }) {
  const cut = model.lastIndexOf(":");
  const [name, version] = cut < 0 ? [model, ""] : [model.slice(0, cut), model.slice(cut + 1)];
  const path = `/register/models/${encodeURIComponent(name)}${version === "" ? "" : `/${version}`}`;
  return (
    <Anchor inherit href={path}>
      {model}
    </Anchor>
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

export const UseLink = ({ service, children }: { service: string; children?: string }) => (
  <Anchor inherit href={`/use/services/${service}`}>
    {children ?? service}
  </Anchor>
);

export const ImageLink = ({ digest }: { digest: string }) => (
  <Anchor inherit href={`/use/images/${digest}`} title={digest}>
    <Code>{digest.slice(0, 12)}</Code>
  </Anchor>
);
