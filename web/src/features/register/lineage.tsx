import { Code } from "@mantine/core";
import type { AnswerOf } from "../../api.ts";
import { Fields } from "../../ui/fields.tsx";
import { TextLink } from "../../ui/links.tsx";
import { OuterLink } from "../../ui/outer-link.tsx";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";
import { DatasetLink } from "./dataset-link.tsx";

type Version = AnswerOf<"getModel">;

/** Where a version comes from: run, data, code, and the version it was made of. */
export function Lineage({ version: { lineage, source, createdAt, createdBy } }: { version: Version }) {
  const { runId, runLink, loggedModel, dataset, trainingData, parent, gitRemote, gitCommit, origin } = lineage;
  return (
    <Section title="Where it comes from">
      <Fields
        entries={[
          ["Registered", <RegisteredAt key="at" at={createdAt} by={createdBy} from={lineage.registeredFrom} />],
          ["Data set", dataset === undefined ? null : <DatasetLink key="dataset" reference={dataset} />],
          ["Training data", trainingData],
          ["Trained from", parent === undefined ? null : <ParentLink key="parent" reference={parent} />],
          ["Run", runId],
          ["Page of the run", runLink === undefined ? null : <OuterLink key="run" href={runLink} />],
          ["Logged model", loggedModel],
          ["Code", gitRemote === undefined ? null : <OuterLink key="git" href={gitRemote} />],
          ["Commit", gitCommit === undefined ? null : <Code key="commit">{gitCommit}</Code>],
          ["Source", source === null ? null : <OuterLink key="source" href={source} />],
          [
            "Imported from",
            origin === undefined ? null : [origin.reference, origin.server].filter(Boolean).join(" of "),
          ],
          [
            "Made there",
            origin === undefined ? null : <RegisteredAt key="there" at={origin.createdAt} by={origin.createdBy} />,
          ],
        ]}
      />
    </Section>
  );
}

function RegisteredAt({ at, by, from }: { at: number; by: string | null; from?: string | undefined }) {
  return (
    <>
      <Time at={at} />
      {by === null ? "" : ` by ${by}`}
      {from === undefined ? "" : <span title={from}>{` with ${programText(from)}`}</span>}
    </>
  );
}

/** A version it was trained from, written `name:version`; an alias has moved on since and stays text. */
function ParentLink({ reference }: { reference: string }) {
  const [, name, version] = /^(.+):(\d+)$/.exec(reference) ?? [];
  if (name === undefined || version === undefined) return reference;
  return (
    <TextLink to="/register/models/$name/$version" params={{ name, version }} inherit>
      {reference}
    </TextLink>
  );
}

/** A program by its User-Agent; browsers tell a great deal there, of which an address behind it is what matters. */
const programText = (from: string): string => from.replace(/^Mozilla\/\S+ \(.*\) .*?(?=$| at )/, "a browser");
