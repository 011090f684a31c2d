import { getRouteApi } from "@tanstack/react-router";
import { Page } from "../../ui/page.tsx";

const route = getRouteApi("/register/models/$name");

export function ModelPage() {
  const { name } = route.useParams();
  return <Page title={name}>Not built yet.</Page>;
}
