import { SimpleGrid, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ModelyardError } from "../../../../src/contract/errors.ts";
import { type AnswerOf, ask, useChange } from "../../api.ts";
import { useMay } from "../../session.ts";
import { CopyAs } from "../../ui/copy-as.tsx";
import { ErrorCard } from "../../ui/error-card.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { EditAliases } from "./edit-aliases.tsx";
import { EditDescription } from "./edit-description.tsx";
import { EditTags } from "./edit-tags.tsx";
import { History } from "./history.tsx";
import { Served } from "./served.tsx";
import { useModel } from "./use-model.ts";

type Model = AnswerOf<"listModelNames">["items"][number];

/** What is said of a model as a whole: its description, tags and aliases, and below it `children`. Of one that is gone, its past. */
export function ModelFacts({ name, children }: { name: string; children: ReactNode }) {
  const models = useModel(name);
  return (
    <Loaded query={models}>
      {({ items: [model] }) =>
        model === undefined ? (
          <>
            <ErrorCard error={new ModelyardError("model-not-found", { model: name })} />
            <Past name={name} />
          </>
        ) : (
          <>
            <Facts model={model} />
            {children}
          </>
        )
      }
    </Loaded>
  );
}

/** A model that was deleted or renamed has a history all the same. */
function Past({ name }: { name: string }) {
  const history = useQuery(ask("getModelHistory", { name, pageSize: 1 }));
  return history.data === undefined ? null : (
    <>
      <Served name={name} />
      <History name={name} />
    </>
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
