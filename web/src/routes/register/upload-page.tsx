import { Page } from "../../ui/page.tsx";

export function UploadPage() {
  return <Page title="upload">Not built yet.</Page>;
}
