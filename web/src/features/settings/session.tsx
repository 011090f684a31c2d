import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { sessionQuery, signOut } from "../../session.ts";
import { Fields } from "../../ui/fields.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";

const may: Record<string, string> = {
  reader: "look at everything but secrets",
  scorer: "look, and send requests to services",
  contributor: "look, send requests, and change models, services and alerts",
  admin: "everything, also tokens and webhooks",
};

/** Who is signed in, and the way out. */
export function Session() {
  const session = useQuery(sessionQuery);
  return (
    <Section title="Session">
      <Loaded query={session}>
        {(session) =>
          session === null ? (
            <Text size="sm">Nobody is signed in.</Text>
          ) : (
            <Fields
              entries={[
                ["Token", session.name],
                ["Role", session.role],
                ["You may", may[session.role]],
                ["Ends, if not used", session.expiresAt === null ? null : <Time key="ends" at={session.expiresAt} />],
              ]}
            />
          )
        }
      </Loaded>
      <Button
        variant="default"
        w="fit-content"
        size="xs"
        onClick={() => void signOut().then(() => window.location.assign("/sign-in"))}
      >
        Sign out
      </Button>
    </Section>
  );
}
