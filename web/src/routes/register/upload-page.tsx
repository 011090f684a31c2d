import { getRouteApi } from "@tanstack/react-router";
import { UploadModel } from "../../features/register/upload/upload-model.tsx";
import { useMay } from "../../session.ts";
import { NotAllowed } from "../../ui/not-allowed.tsx";
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
        <NotAllowed to="register models" operation="registerModel" />
      )}
    </Page>
  );
}
