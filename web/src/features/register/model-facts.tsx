import { SimpleGrid, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ModelyardError } from "../../../../src/contract/errors.ts";
import { type AnswerOf, ask, useChange } from "../../api.ts";
import { useMay } from "../../session.ts";
import { CopyAs } from "../../ui/copy-as.tsx";
import { ErrorCard } from "../../ui/error-card.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { EditAliases } from "./edit-aliases.tsx";
import { EditDescription } from "./edit-description.tsx";
import { EditTags } from "./edit-tags.tsx";
import { quoted } from "./models-filter.ts";

type Model = AnswerOf<"listModelNames">["items"][number];

/** What is said of a model as a whole: its description, tags and aliases. */
export function ModelFacts({ name }: { name: string }) {
  const models = useQuery(ask("listModelNames", { filter: `name = ${quoted(name)}`, pageSize: 1 }));
  return (
    <Loaded query={models}>
      {({ items: [model] }) =>
        model === undefined ? (
          <ErrorCard error={new ModelyardError("model-not-found", { model: name })} />
        ) : (
          <Facts model={model} />
        )
      }
    </Loaded>
  );
}

function Facts({ model }: { model: Model }) {
  const { name } = model;
  const may = useMay();
  const describe = useChange("updateModel");
  const tag = useChange("updateModel");
  return (
    <Stack>
      <EditDescription
        text={model.description}
        mayEdit={may("updateModel")}
        pending={describe.isPending}
        error={describe.error}
        onSave={(description) => describe.mutateAsync({ name, description })}
        copyAs={(description) => <CopyAs operation="updateModel" input={{ name, description }} />}
      />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <EditAliases name={name} aliases={model.aliases} latest={model.latestVersion} />
        <EditTags
          tags={model.tags}
          mayEdit={may("updateModel")}
          pending={tag.isPending}
          error={tag.error}
          onSave={(changes) => tag.mutateAsync({ name, ...changes })}
          copyAs={(changes) => <CopyAs operation="updateModel" input={{ name, ...changes }} />}
        />
      </SimpleGrid>
    </Stack>
  );
}
