import { signOut } from "../../session.ts";

/** Ends the session; a new load of the page keeps nothing of what was seen. */
export async function leave(): Promise<void> {
  await signOut();
  window.location.assign("/sign-in");
}
