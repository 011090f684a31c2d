import { TextLink } from "../../ui/links.tsx";

/** A version of a model, `name:version`, with the way to its page. */
export function ModelLink({ reference }: { reference: string }) {
  const [name = "", version] = reference.split(":");
  return version === undefined ? (
    <TextLink to="/register/models/$name" params={{ name }} display="block">
      {reference}
    </TextLink>
  ) : (
    <TextLink to="/register/models/$name/$version" params={{ name, version }} display="block">
      {reference}
    </TextLink>
  );
}
