import { useQuery } from "@tanstack/react-query";
import { sessionQuery } from "../../session.ts";
import { Loaded } from "../../ui/loaded.tsx";
import { Frame } from "./frame.tsx";
import { SignIn } from "./sign-in.tsx";

/** Who is signed in sees pages; who is not sees how to sign in. */
export function Shell() {
  const session = useQuery(sessionQuery);
  return <Loaded query={session}>{(who) => (who === null ? <SignIn /> : <Frame who={who} />)}</Loaded>;
}
