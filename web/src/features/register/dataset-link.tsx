import { Anchor } from "@mantine/core";

/** The way to a data set, written `name` or `name@digest`. */
export function DatasetLink({ reference }: { reference: string }) {
  const [name = "", digest] = reference.split("@");
  const shown = digest === undefined ? name : `${name}@${digest.slice(0, 12)}`;
  return (
    <Anchor size="sm" href={`/monitor/datasets/${encodeURIComponent(name)}`} title={reference}>
      {shown}
    </Anchor>
  );
}
