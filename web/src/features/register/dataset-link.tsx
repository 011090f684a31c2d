import { TextLink } from "../../ui/links.tsx";

/** The way to a data set, written `name` or `name@digest`. */
export function DatasetLink({ reference }: { reference: string }) {
  const [name = "", digest] = reference.split("@");
  const shown = digest === undefined ? name : `${name}@${digest.slice(0, 12)}`;
  return (
    <TextLink
      to="/monitor/datasets/$name"
      params={{ name }}
      search={digest === undefined ? {} : { digest }}
      title={reference}
    >
      {shown}
    </TextLink>
  );
}
