import { Stack } from "@mantine/core";
import { nameOfFiles, pathOfFiles } from "./chosen-files.ts";
import { DropZone } from "./drop-zone.tsx";
import { RegisterUploaded } from "./register-uploaded.tsx";
import { UploadProgress } from "./upload-progress.tsx";
import { useUpload } from "./use-upload.ts";

/** Files are chosen, sent, and registered, as a version of `model` when that is given. */
export function UploadModel({ model }: { model: string | undefined }) {
  const upload = useUpload();
  const { chosen, files, start, cancel } = upload;
  if (chosen === undefined) return <DropZone onFiles={start} />;
  return (
    <Stack>
      <UploadProgress upload={upload} onRetry={() => start(chosen)} onCancel={cancel} />
      <RegisterUploaded files={files} name={model ?? nameOfFiles(chosen)} path={pathOfFiles(chosen)} />
    </Stack>
  );
}
