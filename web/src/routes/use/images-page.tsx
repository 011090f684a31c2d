import { getRouteApi } from "@tanstack/react-router";
import { ImagesTable } from "../../features/use/images-table.tsx";
import { Page } from "../../ui/page.tsx";

const route = getRouteApi("/use/images");

export function ImagesPage() {
  return (
    <Page title="Images">
      <ImagesTable search={route.useSearch()} />
    </Page>
  );
}
