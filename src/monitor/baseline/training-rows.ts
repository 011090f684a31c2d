import type { BlobStore, TrainingRows } from "../../register/ports.ts";
import { piiOf } from "../../register/signature/mark-pii.ts";
import { namedInputs } from "../../register/signature/named-inputs.ts";
import { keepBaselines } from "./keep-baselines.ts";
import { profileBaselineFile } from "./profile-file.ts";

/** Keeps the profile of what a version was trained on as its baseline. */
export const trainingRows = ({ blobs }: { blobs: BlobStore }): TrainingRows => ({
  profile: async (file, signature, { by, at }) => {
    const known = { of: "the model", names: namedInputs(signature) ?? [], byPlace: false, areAll: true };
    const { leftOut, ...profiled } = await profileBaselineFile(blobs, file, piiOf(signature), known);
    const { digest, format, target = null } = file;
    const source = { kind: "file", digest, format, target } as const;
    return {
      leftOut,
      keep: (tx, name, version) => keepBaselines(tx, { name, version }, { profiled, source, by, at }),
    };
  },
});
