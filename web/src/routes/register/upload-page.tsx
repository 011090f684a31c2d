import { getRouteApi } from "@tanstack/react-router";
import { UploadModel } from "../../features/register/upload/upload-model.tsx";
import { Page } from "../../ui/page.tsx";

const route = getRouteApi("/register/upload");

export function UploadPage() {
  const { model } = route.useSearch();
  return (
    <Page title={model === undefined ? "Upload a model" : `Upload a version of ${model}`}>
      <UploadModel model={model} />
    </Page>
  );
}
