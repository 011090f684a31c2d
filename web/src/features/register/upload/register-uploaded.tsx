import { Alert, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ModelyardError } from "../../../../../src/contract/errors.ts";
import type { InputOf } from "../../../../../src/contract/operations.ts";
import { ask, useChange } from "../../../api.ts";
import { sessionQuery } from "../../../session.ts";
import { commandOf } from "../../../ui/command-line.ts";
import { OperationForm } from "../../../ui/form/operation-form.tsx";
import { TextLink } from "../../../ui/links.tsx";
import { Section } from "../../../ui/section.tsx";
import { digestOfFiles } from "./hash-file.ts";
import type { UploadedFile } from "./upload-files.ts";

/** The form that makes uploaded files the next version of a model. */
export function RegisterUploaded({
  files,
  name,
  path,
}: {
  /** Undefined while they are on their way. */
  files: readonly UploadedFile[] | undefined;
  /** The name to begin with. */
  name: string;
  /** What the files are called on the disk they come from. */
  path: string;
}) {
  const navigate = useNavigate();
  const register = useChange("registerModel", {
    onDone: ({ reference, name, version }) => {
      notifications.show({ message: `Registered ${reference}` });
      return navigate({ to: "/register/models/$name/$version", params: { name, version: String(version) } });
    },
  });
  const role = useQuery(sessionQuery).data?.role;
  const mayTrust =
    role === "admin" && register.error instanceof ModelyardError && register.error.code === "unsafe-pickle";
  return (
    <Section title="Register">
      {files === undefined ? null : <SameFiles files={files} />}
      <OperationForm
        operation="registerModel"
        given={{ files: [...(files ?? [])] }}
        fields={[
          "name",
          "description",
          "tags",
          "properties",
          "metrics",
          ...(mayTrust ? (["allowUnsafe"] as const) : []),
        ]}
        more={["source", "framework", "frameworkVersion", "pii"]}
        initial={{ name }}
        submit={files === undefined ? "Register when the upload is complete" : "Register"}
        disabled={files === undefined}
        pending={register.isPending}
        error={register.error}
        command={(input) => commandOf("registerModel", { ...input, path } as InputOf<"registerModel">)}
        onSubmit={(input) => register.mutate(input)}
      />
    </Section>
  );
}

/** Says when exactly these files are a version already. */
function SameFiles({ files }: { files: readonly UploadedFile[] }) {
  const same = useQuery(ask("listModels", { digest: digestOfFiles(files), archived: "show", pageSize: 5 }));
  const versions = same.data?.items ?? [];
  if (versions.length === 0) return null;
  return (
    <Alert color="orange" variant="light" title="These files are registered already">
      <Text size="sm" component="div">
        {versions.map(({ name, version, reference }, place) => (
          <span key={reference}>
            {place === 0 ? "As " : ", "}
            <TextLink to="/register/models/$name/$version" params={{ name, version: String(version) }} inherit>
              {reference}
            </TextLink>
          </span>
        ))}
        . You can register them once more; the bytes are kept once.
      </Text>
    </Alert>
  );
}
