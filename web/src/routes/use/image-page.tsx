import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ask } from "../../api.ts";
import { ImageActions, ImageView } from "../../features/use/image-view.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Page } from "../../ui/page.tsx";

const route = getRouteApi("/use/images/$digest");

export function ImagePage() {
  const { digest } = route.useParams();
  const image = useQuery(ask("getImage", { digest }));
  return (
    <Page
      title={`Image ${digest.slice(0, 12)}`}
      actions={image.data === undefined ? null : <ImageActions image={image.data} />}
    >
      <Loaded query={image}>{(found) => <ImageView image={found} />}</Loaded>
    </Page>
  );
}
