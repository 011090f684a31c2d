import { Text } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { UploadModel } from "../../features/register/upload/upload-model.tsx";
import { useMay } from "../../session.ts";
import { Page } from "../../ui/page.tsx";

const route = getRouteApi("/register/upload");

export function UploadPage() {
  const { model } = route.useSearch();
  const may = useMay();
  return (
    <Page title={model === undefined ? "Upload a model" : `Upload a version of ${model}`}>
      {may("registerModel") ? (
        <UploadModel model={model} />
      ) : (
        <Text>To register models takes a token with the role contributor or admin.</Text>
      )}
    </Page>
  );
}
