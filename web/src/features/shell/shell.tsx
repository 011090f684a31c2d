import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { sessionQuery } from "../../session.ts";
import { loadPart } from "../../ui/load-part.ts";
import { Loaded } from "../../ui/loaded.tsx";
import { Frame } from "./frame.tsx";

const SignIn = lazy(() => loadPart(() => import("./sign-in.tsx")));

/** Who is signed in sees pages; who is not, or not any more, sees how to sign in, and comes back to the same address. */
export function Shell() {
  // who comes with a link signs in anew, whoever was before
  const isSigningIn = window.location.pathname === "/sign-in";
  const session = useQuery({ ...sessionQuery, enabled: !isSigningIn });
  const [wasIn, setWasIn] = useState(false);
  if (session.data != null && !wasIn) setWasIn(true);
  const signIn = (
    <Suspense fallback={null}>
      <SignIn isAgain={wasIn} />
    </Suspense>
  );
  if (isSigningIn) return signIn;
  return <Loaded query={session}>{(who) => (who === null ? signIn : <Frame who={who} />)}</Loaded>;
}
