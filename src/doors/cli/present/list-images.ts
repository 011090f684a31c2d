import { page } from "./page.ts";
import type { Presenter } from "./presenter.ts";
import { shortDigest, timeText } from "./text.ts";

export const listImages: Presenter<"listImages"> = (answer, { now }) =>
  page(
    answer,
    ["IMAGE", "MODELS", "SCRIPT", "ENGINE", "CREATED", "BY"],
    (image) => [
      shortDigest(image.digest),
      image.models.join(" "),
      image.script,
      image.python === null ? image.engine : `python ${image.python}`,
      timeText(image.createdAt, now),
      image.createdBy,
    ],
    "No images. Build one: modelyard image build --model NAME",
  );
