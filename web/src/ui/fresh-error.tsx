import { useState } from "react";
import { ErrorCard } from "./error-card.tsx";

/** An error that came since this is shown: what failed before a dialog was closed says nothing when it is opened again. */
export function FreshError({ error }: { error: unknown }) {
  const [before] = useState(error);
  return error === null || error === undefined || error === before ? null : <ErrorCard error={error} />;
}
